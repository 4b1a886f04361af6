using System.Globalization;
using System.Text;
using DistributorHub.Worker.Tests.Cli;

namespace DistributorHub.Worker.Tests.Functions;

/// <summary>An installation's own functions in maps, with real assemblies and the real program.</summary>
public sealed class MapFunctionTests : IClassFixture<FunctionAssembly>, IDisposable
{
    const string Target = """
        hub: target/1
        id: acme
        tables:
          orders:
            key: [order_no]
            policy: skip
            columns: { order_no: text(35) not null, ship_on: date, is_rush: bool not null }
          lines:
            key: [order_no, line_no]
            policy: skip
            columns: { order_no: text(35) not null, line_no: int not null, sku: text(20), net: 'numeric(15,4)', twice: bigint }
        """;

    const string Map = """
        hub: map/1
        id: base/acme
        from: { standard: EDIFACT, message: ORDERS, release: D.96A }
        to: acme
        functions:
          clean(x): acme_sku(trim(x), 2)
        rows:
        - table: orders
          set:
            order_no: BGM.1004
            ship_on:  acme_workday(DTM[137])
            is_rush:  acme_rush(first(FTX[AAI].C108.4440?))
          rows:
          - table: lines
            for: LIN
            set:
              order_no: $orders.order_no
              line_no:  $n
              sku:      clean(PIA.C212[SA]?)
              net:      acme_net(PRI[AAA], ALC/PCD[3]?)
              twice:    acme_twice(int(QTY[21]))
        """;

    readonly CommandLine hub = new();
    readonly string file;

    public MapFunctionTests(FunctionAssembly assembly)
    {
        hub.Settings["Hub__Functions"] = assembly.Good;
        Bad = assembly.Bad;
        File.WriteAllText(Path.Combine(hub.Mappings, "targets", "acme.target.yaml"), Target);
        Write(Map);
        file = Path.Combine(hub.Mappings, "..", "order.edi");
    }

    string Bad { get; }

    void Write(string map) => File.WriteAllText(Path.Combine(hub.Mappings, "base", "acme.yaml"), map);

    // Saturday; the first number has the right check digit, 4711 mod 7 = 0.
    void WriteFile(params string[] skus)
    {
        var lines = string.Concat(skus.Select((sku, i) => string.Create(CultureInfo.InvariantCulture, $"LIN+{i + 1}'PIA+1+{sku}:SA'QTY+21:3'PRI+AAA:10.50'")));
        var segments = 5 + (4 * skus.Length);
        File.WriteAllText(file, $"UNB+UNOC:3+4012345000993:14+4012345000023:14+261121:0900+1'UNH+1+ORDERS:D:96A:UN'BGM+220+A1+9'DTM+137:20261121:102'{lines}UNS+S'UNT+{segments}+1'UNZ+1+1'", Encoding.Latin1);
    }

    [Fact]
    public async Task Maps_call_them_with_values_of_their_types_and_nulls_where_they_take_them()
    {
        var check = await hub.Run("map", "check", "base/acme");
        Assert.Equal("1 map(s) and 0 guide(s) checked: 0 mistake(s), 0 warning(s).\n", check.Output);
        WriteFile("AB47110", "X");
        var run = await hub.Run("map", "run", file, "--map", "base/acme", "--json");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        Assert.Contains("\"ship_on\":\"2026-11-23\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"is_rush\":false", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"sku\":\"4711\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"net\":10.5", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"twice\":6", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"sku\":null", run.Output, StringComparison.Ordinal);

        var explain = await hub.Run("map", "explain", file, "--map", "base/acme", "--row", "lines:1", "--column", "sku");
        Assert.Contains("lines[1].sku = 4711", explain.Output, StringComparison.Ordinal);
        Assert.Contains("AB47110", explain.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_throws_is_a_finding_of_the_row_with_its_segment_and_rule()
    {
        WriteFile("AB47110", "AB47113", "ABxyz0");
        var run = await hub.Run("map", "run", file, "--map", "base/acme");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("MAP2111", run.Output, StringComparison.Ordinal);
        Assert.Contains("lines.sku: the function acme_sku (Acme.Rules.Sku) failed: FormatException: AB47113 ends with a wrong check digit.", run.Output, StringComparison.Ordinal);
        Assert.Contains("FormatException: The input string 'xyz' was not in a correct format.", run.Output, StringComparison.Ordinal);

        Write(Map.Replace("to: acme\n", "to: acme\non_row_error: { quarantine: { max: 10 } }\n", StringComparison.Ordinal));
        var quarantined = await hub.Run("map", "run", file, "--map", "base/acme");
        Assert.Equal(0, quarantined.ExitCode);
        Assert.Contains("4711", quarantined.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme_workday(DTM[137])", "acme_workday(BGM.1004)", "11:28 MAP1203", "acme_workday takes a date as day, and this is a text.")]
    [InlineData("acme_workday(DTM[137])", "acme_workday(DTM[137], 1)", "11:15 MAP1206", "acme_workday cannot take 2 arguments.")]
    [InlineData("acme_workday(DTM[137])", "acme_workdays(DTM[137])", "11:15 MAP1106", "did you mean acme_workday?")]
    [InlineData("order_no: BGM.1004", "order_no: acme_sku(BGM.1004, 2)", "10:15 MAP1201", "may be absent")]
    [InlineData("  clean(x): acme_sku(trim(x), 2)", "  acme_net(x): x", "6:3 MAP1306", "There is a function 'acme_net' already.")]
    public async Task A_call_that_does_not_fit_is_told_when_the_map_is_compiled(string right, string wrong, string place, string message)
    {
        Write(Map.Replace(right, wrong, StringComparison.Ordinal));
        var check = await hub.Run("map", "check", "base/acme");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains($"base/acme.yaml:{place} ", check.Output, StringComparison.Ordinal);
        Assert.Contains(message, check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_there_are_none()
    {
        hub.Settings.Remove("Hub__Functions");
        var check = await hub.Run("map", "check", "base/acme");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("There is no function 'acme_sku'.", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assembly_with_mistakes_stops_the_program_and_all_of_them_are_named()
    {
        hub.Settings["Hub__Functions"] = Bad;
        var check = await hub.Run("map", "check");
        Assert.NotEqual(0, check.ExitCode);
        foreach (var part in new[]
        {
            "Acme.Mistakes.Taken cannot be the function 'trim': the language has a function of this name.",
            "Acme.Mistakes.Capital cannot be the function 'Acme': a name has small letters",
            "Acme.Mistakes.Binary cannot be the function 'acme_float': its parameter x is of type Double;",
            "Acme.Mistakes.Nothing cannot be the function 'acme_void': it gives Void;",
            "Acme.Mistakes.Constant cannot be the function 'acme_none': it has 0 parameters",
            "Acme.Mistakes.Instance cannot be the function 'acme_own': it is not public and static",
            "Acme.Mistakes.Hidden cannot be the function 'acme_hidden': it is not public and static",
            "Acme.Mistakes.Generic cannot be the function 'acme_generic': it is generic.",
            "Acme.Mistakes.Second cannot be the function 'acme_two': Acme.Mistakes.First has this name already.",
        })
            Assert.Contains(part, check.Errors, StringComparison.Ordinal);

        hub.Settings["Hub__Functions"] = hub.Mappings;
        Assert.Contains("no assembly there has a public static method with [MapFunction]", (await hub.Run("map", "check")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schemas_of_editors_know_them()
    {
        Assert.Equal(0, (await hub.Run("schema")).ExitCode);
        Assert.Contains("\"acme_net(${1:price}, ${2:percent})\"", File.ReadAllText(Path.Combine(hub.Mappings, ".schemas", "map.schema.json")), StringComparison.Ordinal);
    }

    public void Dispose() => hub.Dispose();
}
