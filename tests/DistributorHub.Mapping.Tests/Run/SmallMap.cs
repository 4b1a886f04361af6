namespace DistributorHub.Mapping.Tests.Run;

/// <summary>Maps of a few lines over ORDERS, into a target of the test.</summary>
static class SmallMap
{
    public const string Target = """
        hub: target/1
        id: test
        tables:
          doc:
            is: test.doc
            id: doc_id
            key: [no]
            policy: update
            columns:
              no:     text(10) not null
              t:      text
              t2:     text
              short:  text(5)
              i:      int
              n:      numeric(6,2)
              n2:     numeric(20,6)
              d:      date
              time:   time
              ts:     timestamp
              b:      bool
          line:
            is: test.line
            id: line_id
            parent: doc.doc_id
            key: [doc_id, no]
            policy: children
            columns:
              no:     int not null
              t:      text
              t2:     text
              n:      numeric(6,2)
              n2:     numeric(20,6)
          tier:
            is: test.tier
            parent: line.line_id
            key: [line_id, no]
            policy: children
            columns:
              no:     int not null
              t:      text
              n:      numeric(6,2)
              n2:     numeric(20,6)
        """;

    public static CompiledMap Compile(string rows, string extra = "") => MappedFile.CompileText(
        "hub: map/1\nid: base/test\nfrom: { standard: EDIFACT, message: ORDERS, release: D.96A }\nto: test\n" + extra + "rows:\n" + rows, Target);

    /// <summary>One row of <c>doc</c> with one column set by an expression.</summary>
    public static CompiledMap Column(string column, string expression) =>
        Compile($"- table: doc\n  set:\n    no: '1'\n    {column}: {expression}\n");

    /// <summary>Maps an ORDERS message given without envelope.</summary>
    public static MappedFile Map(string rows, string message, string extra = "") => MappedFile.Map(Compile(rows, extra), Samples.Edifact("ORDERS", message));

    /// <summary>A head that is right by the structure; lines follow.</summary>
    public const string Head = "BGM+220+A1+9'DTM+137:20260301:102'NAD+BY+1::9'";

    public const string Tail = "UNS+S'";
}
