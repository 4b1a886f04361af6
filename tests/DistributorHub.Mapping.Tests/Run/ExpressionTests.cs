namespace DistributorHub.Mapping.Tests.Run;

/// <summary>What expressions give, through the whole way from the map's text to the row.</summary>
public sealed class ExpressionTests
{
    const string Message = SmallMap.Head
        + "LIN+1++4006381333931:EN'PIA+1+ab-12:SA+x9:IN+ab-12:SA'IMD+F++:::eins:zwei'IMD+F++:::drei'QTY+21:12.50:PCE'QTY+12:3'DTM+2:202603011530:203'"
        + "DTM+64:2026030120260331:718'MOA+203:7'MOA+204:9'PRI+AAA:1.25'PRI+AAB:2.5'RNG+4+PCE:10:20'" + SmallMap.Tail;

    [Theory]
    [InlineData("t", "'literal'", "literal")]
    [InlineData("t", "LIN.C212.7140", "4006381333931")]
    [InlineData("t", "PIA.C212[SA]", "ab-12")]
    [InlineData("t", "PIA.C212[IN]", "x9")]
    [InlineData("t", "PIA.C212[BP]?", null)]
    [InlineData("t", "PIA.C212[BP] ?? 'none'", "none")]
    [InlineData("t", "PIA.C212[BP] ?? PIA.C212[IN]?", "x9")]
    [InlineData("t", "upper(PIA.C212[SA])", "AB-12")]
    [InlineData("t", "lower('ÄB')", "äb")]
    [InlineData("t", "left(PIA.C212[SA], 2)", "ab")]
    [InlineData("t", "right(PIA.C212[SA], 2)", "12")]
    [InlineData("t", "sub(PIA.C212[SA], 2, 3)", "b-1")]
    [InlineData("t", "replace(PIA.C212[SA], '^ab-', '')", "12")]
    [InlineData("t", "pad(PIA.C212[IN], 5, '0')", "000x9")]
    [InlineData("t", "digits(PIA.C212[SA])", "12")]
    [InlineData("t", "split(PIA.C212[SA], '-', 2)", "12")]
    [InlineData("t", "trim('  x ')", "x")]
    [InlineData("t", "join(' ', IMD[F].C273.7008*?)", "eins zwei drei")]
    [InlineData("t", "join('/', PIA.C212[IN], PIA.C212[BP]?, 'z')", "x9/z")]
    [InlineData("t", "join('/', PIA.C212[BP]?)", null)]
    [InlineData("t", "text(QTY[21])", "12.5")]
    [InlineData("t", "text(DTM[2])", "2026-03-01T15:30:00")]
    [InlineData("t", "QTY[21].C186.6411", "PCE")]
    [InlineData("t", "code(QTY[21].C186.6411, uom)", "EA")]
    [InlineData("t", "code(PIA.C212[IN], uom, pass)", "x9")]
    [InlineData("t", "code(PIA.C212[IN], uom, null)", null)]
    [InlineData("t", "code(PIA.C212[IN], uom, 'none')", "none")]
    [InlineData("t", "first(MOA[203|204].C516.5025)", "203")]
    [InlineData("t", "$partner.id", "acme")]
    [InlineData("t", "$partner.name?", null)]
    [InlineData("t", "$env.sender", "4000001000005")]
    [InlineData("t", "$env.reference", "I1")]
    [InlineData("t", "$msg.type", "ORDERS")]
    [InlineData("t", "$file.name", "test.edi")]
    [InlineData("t", "if(QTY[21] > 10, 'many', 'few')", "many")]
    [InlineData("t", "if(QTY[99]? > 10, 'many', 'few')", "few")]
    [InlineData("t", "/NAD[BY].C082.3039", "1")]
    [InlineData("t", "gtin(LIN.C212[EN])", "4006381333931")]
    [InlineData("n2", "QTY[21]", "12.5")]
    [InlineData("n2", "first(MOA[203|204])", "7")]
    [InlineData("n2", "last(MOA[203|204])", "9")]
    [InlineData("n2", "nth(MOA[203|204], 2)", "9")]
    [InlineData("n2", "nth(MOA[203|204]?, 3)", null)]
    [InlineData("n2", "sum(MOA[203|204])", "16")]
    [InlineData("n2", "sum(MOA[999])", "0")]
    [InlineData("n2", "min(PRI[AAA|AAB])", "1.25")]
    [InlineData("n2", "max(PRI[AAA|AAB])", "2.5")]
    [InlineData("n2", "count(IMD)", "2")]
    [InlineData("n2", "PRI[AAA|AAB, RNG]", "2.5")]
    [InlineData("n2", "PRI[AAA|AAB, !RNG]", "1.25")]
    [InlineData("n2", "PRI[AAB]/RNG.C280.6162", "10")]
    [InlineData("n2", "PRI[AAA]/RNG.C280.6162?", null)]
    [InlineData("n2", "QTY[21] * 2 + 1", "26")]
    [InlineData("n2", "(QTY[21] - 0.5) / 4", "3")]
    [InlineData("n2", "round(QTY[21] / 3, 2)", "4.17")]
    [InlineData("n2", "round(0.125, 2, 'half_even')", "0.12")]
    [InlineData("n2", "dec('1,5', ',')", "1.5")]
    [InlineData("n2", "dec('1.5')", "1.5")]
    [InlineData("n2", "implied('1250', 2)", "12.5")]
    [InlineData("n2", "int('007')", "7")]
    public void An_expression_gives_its_value(string column, string expression, string? expected) => Check("line", column, expression, expected);

    [Theory]
    [InlineData("i", "count(LIN)", "1")]
    [InlineData("d", "DTM[137]", "2026-03-01")]
    [InlineData("d", "date('20260302')", "2026-03-02")]
    [InlineData("d", "date('2026-03-02')", "2026-03-02")]
    [InlineData("d", "date('02.03.26', 'dd.MM.yy')", "2026-03-02")]
    [InlineData("d", "$env.date", "2026-03-01")]
    [InlineData("d", "period_end(DTM[137])", "2026-03-01")]
    [InlineData("ts", "DTM[137]", "2026-03-01T00:00:00Z")]
    [InlineData("time", "time('1530', 'HHmm')", "15:30:00")]
    [InlineData("b", "bool('Y', 'Y', 'N')", "true")]
    [InlineData("b", "bool('N', 'Y', 'N')", "false")]
    [InlineData("b", "exists(NAD[BY]?)", "true")]
    [InlineData("b", "exists(NAD[SU]?)", "false")]
    [InlineData("b", "BGM.1225 = '9' and BGM.1004 != 'x'", "true")]
    [InlineData("b", "BGM.1225 in ('1', '9')", "true")]
    [InlineData("b", "BGM.1225 not in ('1', '9')", "false")]
    [InlineData("b", "not (BGM.1225 = '9')", "false")]
    [InlineData("b", "BGM.4343? = 'x'", null)]
    [InlineData("b", "BGM.4343? = 'x' or BGM.1225 = '9'", "true")]
    [InlineData("b", "BGM.4343? = 'x' and BGM.1225 = '8'", "false")]
    [InlineData("b", "BGM.4343? = 'x' and BGM.1225 = '9'", null)]
    [InlineData("b", "DTM[137] < date('20260302')", "true")]
    [InlineData("b", "('b' > 'a')", "true")]
    [InlineData("b", "1 <= 1.0", "true")]
    [InlineData("n2", "sum(LIN/QTY[21])", "12.5")]
    [InlineData("n2", "max(LIN/MOA[203|204])", "9")]
    [InlineData("t", "first(LIN/PIA.C212[IN]?)", "x9")]
    [InlineData("t", "last(LIN/IMD[F].C273.7008?)", "drei")]
    [InlineData("n2", "sum(LIN/PRI[AAB, RNG])", "2.5")]
    public void An_expression_of_the_header_gives_its_value(string column, string expression, string? expected) => Check("doc", column, expression, expected);

    static void Check(string table, string column, string expression, string? expected)
    {
        var rule = $"{column}: {expression}\n";
        var rows = table == "doc"
            ? $"- table: doc\n  set:\n    no: BGM.1004\n    {rule}"
            : $"- table: doc\n  set:\n    no: BGM.1004\n- table: line\n  for: LIN\n  set:\n    no: $n\n    {rule}";
        var file = SmallMap.Map(rows, Message);
        Assert.Equal([], file.Faults.Select(f => $"{f.Code} {f.Message}"));
        var key = table == "doc" ? "no=A1" : "no=1";
        Assert.Equal([expected is null ? key : $"{key} | {column}={expected}"], file.Rows(table));
    }

    [Fact]
    public void The_decimal_mark_is_that_of_the_interchange()
    {
        var map = SmallMap.Compile("- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set:\n    no: $n\n    n: QTY[21]\n");
        var text = Samples.Edifact("ORDERS", SmallMap.Head + "LIN+1'QTY+21:12,5'" + SmallMap.Tail);
        Assert.Equal(["no=1 | n=12.5"], MappedFile.Map(map, "UNA:+,? '" + text).Rows("line"));
    }
}
