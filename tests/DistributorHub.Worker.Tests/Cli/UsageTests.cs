namespace DistributorHub.Worker.Tests.Cli;

/// <summary>Every verb and option of the real program with what it cannot use: exit code 2, nothing on the output, a sentence on the error stream.</summary>
public sealed class UsageTests : IDisposable
{
    const string Order = "ORDER";

    readonly CommandLine hub = new();

    public static TheoryData<string, string> Mistakes => new()
    {
        // Values that are missing.
        { "run --once --partner", "--partner" },
        { "parse", "'file'" },
        { "parse ORDER --partner", "--partner" },
        { "parse ORDER --charset", "--charset" },
        { "ack ORDER --partner", "--partner" },
        { "map run ORDER --map", "--map" },
        { "map check --partner", "--partner" },
        { "map test --partner", "--partner" },
        { "map test --trx", "--trx" },
        { "exchange list --limit", "--limit" },
        { "exchange list --state", "--state" },
        { "exchange list --number", "--number" },
        { "exchange show", "'id'" },
        { "exchange retry 1 --reason", "--reason" },
        { "sent list --state", "--state" },
        { "sent list --state Failed", "There is no state 'Failed'" },
        { "sent review", "'id'" },
        { "sent review 1", "--reason" },
        { "partner poll", "'partner'" },
        { "target check", "'target'" },
        { "target create shop --grants", "--grants" },
        { "definitions list --message", "--message" },
        { "definitions show ORDERS", "Name a message and its release, or a guide." },
        { "definitions show ORDERS D.96A --segment", "--segment" },
        { "definitions show --guide", "--guide" },
        { "definitions import --to", "--to" },
        { "map", "" },

        // Values of no text.
        { "run --once --partner |", "--partner needs a value." },
        { "map run ORDER --map |", "--map needs a value." },
        { "exchange list --partner |", "--partner needs a value." },
        { "exchange list --number |", "--number needs a value." },
        { "target create shop --grants |", "--grants needs a value." },
        { "partner check |", "There is no partner ''." },
        { "parse |", "There is no file ''." },

        // Options that are unknown, given twice, or do not go together.
        { "--nonsense", "--nonsense" },
        { "run --once --json", "--json" },
        { "exchange list --limt 5", "--limt" },
        { "parse ORDER ORDER", "Unrecognized" },
        { "run --once --partner nordlicht --partner prairie", "--partner" },
        { "exchange list --limit 5 --limit 6", "--limit" },
        { "run --partner nordlicht", "--partner goes with --once." },
        { "run --once=false --partner nordlicht", "'false'" },
        { "run --once=perhaps", "'perhaps'" },
        { "definitions show --guide guides/nordlicht-orders --segment BGM", "--guide shows a structure" },

        // Numbers and states.
        { "exchange list --limit -5", "--limit takes a whole number from 1, not '-5'." },
        { "exchange list --limit 0", "--limit takes a whole number from 1, not '0'." },
        { "exchange list --limit abc", "--limit takes a whole number from 1, not 'abc'." },
        { "exchange list --limit 99999999999", "--limit takes a whole number from 1, not '99999999999'." },
        { "exchange list --state 99", "There is no state '99'." },
        { "exchange list --state Faild", "There is no state 'Faild'. Did you mean Failed?" },
        { "exchange show -5", "'-5' is not the number of an exchange." },
        { "exchange show 0", "'0' is not the number of an exchange." },
        { "exchange show abc", "'abc' is not the number of an exchange." },
        { "exchange retry 1.5", "'1.5' is not the number of an exchange." },

        // Names of what is not there.
        { "run --once --partner nope", "There is no partner 'nope'. There are: nordlicht, prairie." },
        { "run --once --partner nordlich", "There is no partner 'nordlich'. Did you mean nordlicht?" },
        { "parse ORDER --partner ../nordlicht", "There is no partner '../nordlicht'." },
        { "ack ORDER --partner nope", "There is no partner 'nope'." },
        { "map run ORDER --partner nope", "There is no partner 'nope'." },
        { "map check --partner nope", "There is no partner 'nope'." },
        { "partner check nope", "There is no partner 'nope'." },
        { "partner poll nope", "There is no partner 'nope'." },
        { "exchange list --partner nope", "There is no partner 'nope'." },
        { "map run ORDER --map base/order-edifact", "There is no map 'base/order-edifact'. Did you mean base/orders-edifact?" },
        { "map check nope", "There is no map 'nope'." },
        { "map check base/orders-edifact ../../etc/passwd", "There is no map '../../etc/passwd'." },
        { "map test base/order-edifact", "There is no map or golden test 'base/order-edifact'. Did you mean base/orders-edifact?" },
        { "map test --partner nope", "There is no partner 'nope'." },
        { "map test --trx nope/r.trx", "There is no folder for 'nope/r.trx'." },
        { "map test --junit FOLDER", "is a folder." },
        { "map test --yes", "--yes goes with --accept." },
        { "map check guides/nope", "There is no guide 'guides/nope'. There are: guides/nordlicht-orders." },
        { "definitions show --guide guides/nope", "There is no guide 'guides/nope'." },
        { "definitions list --message NOPE", "There is no definition of NOPE." },
        { "definitions show NOPE D.96A", "There is no definition of NOPE." },
        { "definitions show ORDERS D.96A --segment NOP", "D.96A has no segment NOP." },
        { "definitions show ORDERS D.96A --codes 9999", "Element 9999 has no code list" },
        { "definitions import nope.zip", "There is no file 'nope.zip'." },
        { "exchange show 77", "There is no exchange #77." },
        { "exchange retry 77", "There is no exchange #77." },
        { "target check nope", "There is no target 'nope'. There are: shop." },
        { "target create nope", "There is no target 'nope'." },
        { "target pull laden erp.nope", "There is no table 'erp.nope' in the seller's database." },
        { "target pull ../laden", "'../laden' cannot be the id of a target" },
        { "parse nope.edi", "There is no file 'nope.edi'." },
        { "ack nope.edi", "There is no file 'nope.edi'." },
        { "map run nope.edi", "There is no file 'nope.edi'." },
        { "parse FOLDER", "There is no file" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_of_usage_is_told_in_a_sentence_and_ends_with_2(string line, string told)
    {
        var result = await hub.Run([.. line.Split(' ').Select(word => word switch
        {
            Order => CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"),
            "FOLDER" => hub.Mappings,
            "|" => "",
            _ => word,
        })]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(told, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--once", "--partner", "nope", "--help")]
    [InlineData("map", "run", "--help")]
    [InlineData("exchange", "list", "--limit", "abc", "--help")]
    public async Task Help_is_given_whatever_else_is_wrong(params string[] line)
    {
        var result = await hub.Run(line);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_partner_is_none_where_the_samples_do_not_run()
    {
        hub.Settings["ConnectionStrings__Hub"] = $"Data Source={Path.Combine(hub.Data, "hub.db")}";
        hub.Settings["ConnectionStrings__Seller"] = $"Data Source={Path.Combine(hub.Data, "seller.db")}";
        var result = await hub.Run("run", "--once", "--partner", "nordlicht");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("There is no partner 'nordlicht'.", result.Errors, StringComparison.Ordinal);
        // A file can be tried as a sample's all the same.
        Assert.Equal(0, (await hub.Run("map", "run", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), "--partner", "nordlicht")).ExitCode);
    }

    [Fact]
    public async Task The_exchanges_of_a_partner_who_is_gone_are_listed_all_the_same()
    {
        await hub.Run("run", "--once", "--partner", "prairie");
        Directory.Delete(Path.Combine(hub.Mappings, "partners", "prairie"), recursive: true);
        var result = await hub.Run("exchange", "list", "--partner", "prairie");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("850-20261116.x12", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parse", "ORDER")]
    [InlineData("ack", "ORDER")]
    [InlineData("map", "run", "ORDER")]
    [InlineData("partner", "check")]
    [InlineData("partner", "poll")]
    public async Task A_partner_whose_file_has_mistakes_is_there_and_cannot_be_used(params string[] verb)
    {
        await File.AppendAllTextAsync(Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml"), "nonsense: here\n", TestContext.Current.CancellationToken);
        var line = verb.Select(word => word == Order ? CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi") : word);
        var result = await hub.Run([.. line, .. verb[0] == "partner" ? ["nordlicht"] : new[] { "--partner", "nordlicht" }]);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Matches(@"partners/nordlicht/partner\.yaml:\d+:1 PTN1002", result.Errors);
        Assert.Contains("nordlicht is paused until its partner.yaml is mended", result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => hub.Dispose();
}
