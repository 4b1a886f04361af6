using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping.Draft;
using DistributorHub.Tests;

namespace DistributorHub.Mapping.Tests.Draft;

/// <summary>Drafts over the mappings of the checkout.</summary>
static class Drafting
{
    /// <summary>A web shop's own tables: nothing that is shipped is called so.</summary>
    public const string Web = """
        hub: target/1
        id: web
        connection: seller
        tables:
          web_orders:
            is: web.orders
            id: id
            key: [order_no]
            policy: update
            columns:
              order_no:      text(35) not null
              order_date:    date not null
              delivery_date: date
              customer_gln:  text(13)
              currency:      text(3)
              loyalty_card:  text(20)
          web_order_items:
            is: web.order_items
            parent: web_orders.id = order_id
            key: [order_id, pos]
            policy: children
            columns:
              pos:        int not null
              ean:        text(14)
              vendor_sku: text(40)
              our_sku:    text(40)
              title:      text(20)
              quantity:   numeric(12,3) not null
              unit:       text(10)
              unit_price: numeric(14,4)
          invoices:
            is: fin.supplier_invoice
            id: id
            key: [invoice_no]
            policy: insert
            columns:
              invoice_no:   text(35) not null
              invoice_date: date not null
              order_no:     text(35)
              currency:     text(3)
              total:        numeric(14,2) not null
        """;

    public static MapLibrary Library(params (string Path, string Text)[] more)
    {
        var root = Repository.PathTo("mappings");
        var files = Directory.EnumerateFiles(root, "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'));
        return new([.. files.Union(more.Select(file => file.Path))],
            path => Array.Find(more, file => file.Path == path).Text ?? (File.Exists(Path.Combine(root, path)) ? File.ReadAllText(Path.Combine(root, path)) : null), DefinitionLibrary.Embedded);
    }

    public static SampleFile Sample(string name, string text) => new(name, () => new MemoryStream(Encoding.Latin1.GetBytes(text.ReplaceLineEndings(""))));

    public static MapDrafter Drafter(MapLibrary library, IReadOnlyList<SampleFile> samples, string? currency = null) => new(library, samples, "acme", (reader, file) => new()
    {
        Partner = currency is null ? new Dictionary<string, string> { ["id"] = "acme" } : new Dictionary<string, string> { ["id"] = "acme", ["currency"] = currency },
        Interchange = reader.Interchange!,
        Group = reader.Group,
        Message = reader.Message!,
        File = new Dictionary<string, string> { ["name"] = file },
    });

    /// <summary>Drafts the first kind of message of some EDIFACT messages, and compiles what came of it.</summary>
    public static MapDraft Draft(string target, string type, params string[] messages)
    {
        var library = Library(("targets/web.target.yaml", Web));
        List<SampleFile> samples = [Sample("sample.edi", $"UNB+UNOC:3+S:14+R:14+260305:0900+1'{string.Concat(messages.Select((m, i) => $"UNH+{i + 1}+{type}'{m}UNT+{m.Count(c => c == '\'') + 2}+{i + 1}'"))}UNZ+{messages.Length}+1'")];
        var survey = Survey.Of(samples, DefinitionLibrary.Embedded);
        var drafter = Drafter(library, samples, "EUR");
        var draft = drafter.Draft(Assert.Single(survey.Messages), library.Target(target, [])!, table: null);
        Assert.NotNull(draft);
        var mistakes = new List<Diagnostic>();
        var texts = drafter.CodeLists.Append((draft.File, draft.Text)).Append(("targets/web.target.yaml", Web)).ToArray();
        var compiled = Library(texts).Compile(draft.Id, "acme", mistakes);
        Assert.Equal(draft.Compiles, compiled is not null);
        if (draft.Compiles)
            Assert.Empty(mistakes);
        return draft;
    }
}
