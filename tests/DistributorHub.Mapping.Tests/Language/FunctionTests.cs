using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Tests.Language;

public sealed class FunctionTests
{
    [Theory]
    [InlineData("trim(BGM.1004?)", "Text", true)]
    [InlineData("upper(BGM.1004)", "Text", false)]
    [InlineData("lower(BGM.1004)", "Text", false)]
    [InlineData("left(BGM.1004, 3)", "Text", false)]
    [InlineData("right(BGM.1004, 3)", "Text", false)]
    [InlineData("sub(BGM.1004, 2, 3)", "Text", false)]
    [InlineData("replace(BGM.1004, '^0+', '')", "Text", false)]
    [InlineData("pad(BGM.1004, 10, '0')", "Text", false)]
    [InlineData("digits(BGM.1004)", "Text", false)]
    [InlineData("split(BGM.1004, '-', 2)", "Text", false)]
    [InlineData("join('-', BGM.1004?, BGM.1225?)", "Text", true)]
    [InlineData("join('-', BGM.1004, BGM.1225?)", "Text", false)]
    [InlineData("text(MOA[86])", "Text", false)]
    [InlineData("int(BGM.1004)", "Int", false)]
    [InlineData("dec(BGM.1004, ',')", "Decimal", false)]
    [InlineData("date(BGM.1004, 'yyMMdd')", "Date", false)]
    [InlineData("date(DTM[137])", "Date", false)]
    [InlineData("time(BGM.1004, 'HHmm')", "Time", false)]
    [InlineData("bool(BGM.1004?, 'Y', 'N')", "Bool", true)]
    [InlineData("implied(BGM.1004, 2)", "Decimal", false)]
    [InlineData("gtin(BGM.1004)", "Text", false)]
    [InlineData("gln(BGM.1004)", "Text", false)]
    [InlineData("period_start(DTM[263])", "Moment", false)]
    [InlineData("period_end(DTM[263]?)", "Moment", true)]
    [InlineData("code(BGM.1225, msg_function)", "Text", false)]
    [InlineData("code(BGM.1225, msg_function, null)", "Text", true)]
    [InlineData("first(RFF[CT]?)", "Text", true)]
    [InlineData("last(RFF[CT])", "Text", false)]
    [InlineData("nth(RFF[CT]?, 2)", "Text", true)]
    [InlineData("count(RFF[CT]?)", "Int", false)]
    [InlineData("sum(MOA[86]?)", "Decimal", false)]
    [InlineData("min(LIN/QTY[21]?)", "Decimal", true)]
    [InlineData("max(LIN/QTY[21])", "Decimal", false)]
    [InlineData("exists(RFF[CT])", "Bool", false)]
    [InlineData("if(exists(RFF[CT]), 1, 2.5)", "Decimal", false)]
    [InlineData("if(exists(RFF[CT]), RFF[CT], null)", "Text", true)]
    [InlineData("round(MOA[86], 2, 'half_even')", "Decimal", false)]
    [InlineData("(MOA[86]? ?? 1) * 2 / 3", "Decimal", false)]
    [InlineData("count(LIN) + 1", "Int", false)]
    [InlineData("DTM[2] ?? $env.date", "Moment", false)]
    [InlineData("$msg.reference", "Text", false)]
    [InlineData("$env.test", "Bool", false)]
    [InlineData("$partner.name?", "Text", true)]
    [InlineData("-1.50", "Decimal", false)]
    public void An_expression_has_a_type_and_may_or_may_not_be_null(string expression, string type, bool nullable)
    {
        var plan = Maps.Plan("base/orders-edifact", ("join(' ', FTX[AAI].C108.4440*?)", $"text({expression})"));
        var argument = Assert.IsType<BoundExpr.Call>(Maps.Column(plan, "orders", "note").Value).Arguments[0];

        Assert.Equal((type, nullable), (argument.Type.ToString(), argument.Nullable));
        Assert.Equal(expression.TrimStart('('), argument.Text.TrimStart('('));
    }

    [Fact]
    public void There_are_35_functions() => Assert.Equal(35, FunctionTable.Names.Distinct().Count());

    [Fact]
    public void A_function_cannot_call_itself_through_another()
    {
        var (_, diagnostics) = Maps.Edited("base/orders-edifact",
            ("to: shop", "to: shop\nfunctions: { a(x): b(x), b(x): a(x) }"), ("RFF[CT]?", "a(RFF[CT]?)"));

        Assert.Equal([("MAP1306", 5)], diagnostics.Select(d => (d.Code, d.Line)));
    }
}
