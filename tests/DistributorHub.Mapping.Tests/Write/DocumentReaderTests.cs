using DistributorHub.Mapping.Tests.Language;
using DistributorHub.Mapping.Write;

namespace DistributorHub.Mapping.Tests.Write;

/// <summary>Definitions of documents, and documents as data.</summary>
public sealed class DocumentReaderTests
{
    const string Good = """
        hub: document/1
        id: note
        view: v.note
        key: [id]
        partner: whom
        number: no
        fields:
          id: bigint not null
          whom: text(20) not null = partner_code
          no: text(5) not null
          on: date
          at: time
          done: bool
          price: numeric(9,2)
        lists:
          lines:
            view: v.line
            by: [note_id]
            key: [pos]
            order: [pos]
            fields:
              pos: int not null
            lists:
              lots:
                view: v.lot
                by: [note_id, pos]
                fields:
                  lot: text
        """;

    static (DocumentDefinition? Definition, string Said) Read(string text)
    {
        var diagnostics = new List<Diagnostic>();
        var definition = DocumentDefinitionReader.Read("docs/note.yaml", text, diagnostics, "note");
        return (definition, string.Join('\n', diagnostics.Select(Maps.Short)));
    }

    [Fact]
    public void A_document_has_views_whose_rows_are_found_by_the_keys_around_them()
    {
        var (definition, said) = Read(Good);
        Assert.Equal("", said);
        Assert.Equal(("v", "note", "id", "partner_code", "no"), (definition!.Root.Schema, definition.Root.View, definition.Key[0].Name, definition.Partner!.Physical, definition.Number!.Name));
        Assert.Equal(["", "lines", "lots"], definition.Lists.Select(l => l.Name));
        Assert.Equal([-1, 0, 1], definition.Lists.Select(l => l.Outer));
        Assert.Equal(["note_id", "pos"], definition.Lists[2].By);
        Assert.Equal(["pos"], definition.Lists[1].Order.Select(f => f.Name));
    }

    [Theory]
    [InlineData("hub: document/1", "hub: target/1", "1:6 DOC1001 'target/1' is not a kind of file known here. (write 'hub: document/1')")]
    [InlineData("id: note", "id: nota", "2:5 DOC1005 The id 'nota' is not the file's name. (write id: note)")]
    [InlineData("view: v.note", "view: a.v.note", "3:7 DOC1009 'a.v.note' is not the name of a view. (write view or schema.view)")]
    [InlineData("key: [id]\n", "", "1:1 DOC1004 'key' is missing.")]
    [InlineData("key: [id]", "key: [di]", "4:7 DOC1011 There is no field 'di' here. (did you mean id?)")]
    [InlineData("  id: bigint not null", "  id: bigint", "4:6 DOC1006 The key 'id' may be null. (a key is 'not null')")]
    [InlineData("  no: text(5) not null", "  No: text(5) not null", "10:3 DOC1012 'No' cannot name a field. (small letters, digits and underscores; 'not null = physical_name' gives the column's own)\n6:9 DOC1011 There is no field 'no' here. (did you mean No?)")]
    [InlineData("  on: date", "  on: day", "11:7 DOC1010 'day' is not a type of column. (a type is text, text(n), int, bigint, numeric(p,s), date, time, timestamp or bool; then, if you like, 'not null', 'pii' and '= physical_name')")]
    [InlineData("by: [note_id, pos]", "by: [note_id]", "26:13 DOC1007 The rows around 'lots' are told apart by 2 field(s), and 'by' names 1 column(s). (name the columns of this view that hold the key of the document, then those of the list around it, in the same order)")]
    [InlineData("      lots:", "      lines:", "24:7 DOC1008 There is a list 'lines' already. (names of lists are the same everywhere in a document: choose another)")]
    [InlineData("    key: [pos]\n", "", "17:5 DOC1004 'key' is missing.")]
    public void A_mistake_in_a_definition_is_named_where_it_stands(string old, string edit, string expected)
    {
        Assert.Equal(2, Good.Split(old).Length);
        var (definition, said) = Read(Good.Replace(old, edit, StringComparison.Ordinal));
        Assert.Null(definition);
        Assert.Equal(expected, string.Join('\n', said.Split('\n').Order(StringComparer.Ordinal)));
    }

    static (DocumentData? Document, string Said) Data(string file, string text)
    {
        var diagnostics = new List<Diagnostic>();
        var document = DocumentReader.Read(file, text, Read(Good).Definition!, diagnostics);
        return (document, string.Join('\n', diagnostics.Select(d => d.ToString()[(d.File.Length + 1)..])));
    }

    [Theory]
    [InlineData("d.json", """{ "id": 7, "whom": "p", "no": "0012", "on": "2026-03-05", "at": "10:30", "done": true, "price": 1.50, "lines": [ { "pos": 1, "lots": [ { "lot": "x" }, { "lot": null } ] } ] }""")]
    [InlineData("d.yaml", "id: 7\nwhom: p\nno: 0012\non: 2026-03-05\nat: 10:30\ndone: true\nprice: 1.50\nlines:\n- pos: 1\n  lots:\n  - lot: x\n  - lot: null\n")]
    public void A_document_is_read_from_json_and_from_yaml_alike(string file, string text)
    {
        var (document, said) = Data(file, text);
        Assert.Equal("", said);
        Assert.Equal([7L, "p", "0012", new DateOnly(2026, 3, 5), new TimeOnly(10, 30), true, 1.50m], document!.Values);
        Assert.Equal([1L], document.Rows[0].Rows[0].Values);
        Assert.Equal(["x", null], document.Rows[0].Rows[0].Rows[0].Rows.Select(lot => lot.Values[0]));
    }

    [Theory]
    [InlineData("{ \"id\": 7 ", "1:11 YML0003")]
    [InlineData("[]", "1:1 YML0002")]
    [InlineData("{ \"id\": 7, \"whom\": \"p\" }", "1:1 DOC2002 no is not null, and has no value here.")]
    [InlineData("{ \"id\": \"x\", \"whom\": \"p\", \"no\": \"1\" }", "1:9 DOC2004 'x' is no value of id, which is bigint not null.")]
    [InlineData("{\n \"id\": 7, \"whom\": \"p\", \"no\": \"123456\" }", "2:30 DOC2005 'no' holds 5 characters.")]
    [InlineData("{ \"id\": 7, \"whom\": \"p\", \"no\": \"1\", \"nr\": 1 }", "1:36 DOC2001 note has no field or list 'nr'. (did you mean no?)")]
    [InlineData("{ \"id\": 7, \"whom\": \"p\", \"no\": \"1\", \"lines\": {} }", "1:45 DOC2003 'lines' is a list of rows.")]
    [InlineData("{ \"id\": 7, \"whom\": \"p\", \"no\": \"1\", \"on\": \"5.3.2026\" }", "1:42 DOC2004 '5.3.2026' is no value of on, which is date. (write 2026-03-05)")]
    public void A_mistake_in_data_is_named_where_it_stands(string text, string expected)
    {
        var (document, said) = Data("d.json", text);
        Assert.Null(document);
        Assert.StartsWith(expected, said, StringComparison.Ordinal);
    }
}
