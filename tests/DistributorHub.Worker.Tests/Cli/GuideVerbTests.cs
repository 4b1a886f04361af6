namespace DistributorHub.Worker.Tests.Cli;

/// <summary>The verbs that know a partner check with that partner's guide, and show what it says.</summary>
public sealed class GuideVerbTests : IDisposable
{
    const string Broken = "guides/nordlicht-orders";

    readonly CommandLine hub = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The sample file of two orders, the first with another message function than agreed.</summary>
    async Task<string> Faulty()
    {
        var path = Path.Combine(hub.Mappings, "faulty.edi");
        var text = await File.ReadAllTextAsync(CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), System.Text.Encoding.Latin1, Cancellation);
        Assert.Contains("+4500017201+9'", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace("+4500017201+9'", "+4500017201+5'", StringComparison.Ordinal), System.Text.Encoding.Latin1, Cancellation);
        return path;
    }

    [Fact]
    public async Task A_file_is_checked_with_the_guide_of_the_partner_who_is_named()
    {
        var file = await Faulty();
        var alone = await hub.Run("parse", file);
        var named = await hub.Run("parse", file, "--partner", "nordlicht");
        var other = await hub.Run("parse", file, "--partner", "prairie");
        var nobody = await hub.Run("parse", file, "--partner", "nordlich");

        Assert.Equal((0, 0, 1), (alone.ExitCode, other.ExitCode, named.ExitCode));
        Assert.DoesNotContain("GDE", alone.Output + other.Output, StringComparison.Ordinal);
        Assert.Matches(@"error GDE5006 at line 4, column \d+ \(message 1, segment 2, byte \d+\)", named.Output);
        Assert.Contains("BGM element 3 (1225) is '5': guide guides/nordlicht-orders takes 9 (guides/nordlicht-orders.yaml:", named.Output, StringComparison.Ordinal);
        Assert.Contains("1 finding(s), 1 of them error(s).", named.Output, StringComparison.Ordinal);
        Assert.Equal(2, nobody.ExitCode);
        Assert.StartsWith("There is no partner 'nordlich'. Did you mean nordlicht?\n", nobody.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_guide_does_not_take_is_acknowledged_and_told_by_the_trial_of_the_map()
    {
        var file = await Faulty();
        var ack = await hub.Run("ack", file);
        var map = await hub.Run("map", "run", file);

        Assert.Equal((1, 1), (ack.ExitCode, map.ExitCode));
        Assert.Contains("UCM+1+ORDERS:D:96A:UN:EAN008+4'UCS+2'UCD+12+4'UNT", ack.Output, StringComparison.Ordinal);
        Assert.Contains("1 accepted, 1 rejected", ack.Errors, StringComparison.Ordinal);
        Assert.Contains("error GDE5006", map.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guide_with_mistakes_is_told_by_every_verb_that_needs_it()
    {
        var path = Path.Combine(hub.Mappings, "guides", "nordlicht-orders.yaml");
        await File.AppendAllTextAsync(path, "  LIN/PIA.4347: { max: 4 }\n", Cancellation);
        var check = await hub.Run("map", "check");
        var one = await hub.Run("map", "check", Broken);
        var show = await hub.Run("definitions", "show", "--guide", Broken);
        var list = await hub.Run("definitions", "list");
        var parse = await hub.Run("parse", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), "--partner", "nordlicht");
        var ack = await hub.Run("ack", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"));

        const string mistake = "GDE1005 LIN/PIA.4347 has at most 3 characters in ORDERS D.96A; 4 would widen that. (write 3 or fewer)";
        Assert.All(new[] { check, one, show, parse }, result => Assert.Equal(1, result.ExitCode));
        Assert.Matches(@"guides/nordlicht-orders\.yaml:\d+:24 GDE1005", check.Output);
        Assert.Contains($"{hub.Maps} map(s) and 1 guide(s) checked: 1 mistake(s), 0 warning(s).", check.Output, StringComparison.Ordinal);
        Assert.Contains("0 map(s) and 1 guide(s) checked: 1 mistake(s), 0 warning(s).", one.Output, StringComparison.Ordinal);
        Assert.Contains(mistake, show.Errors, StringComparison.Ordinal);
        Assert.Contains(mistake, parse.Errors, StringComparison.Ordinal);
        Assert.Contains("guides/nordlicht-orders  has mistakes: hub map check", list.Output, StringComparison.Ordinal);
        Assert.Contains("The guide guides/nordlicht-orders has mistakes; 'hub map check' lists them.", ack.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_and_code_lists_that_no_map_uses_are_checked()
    {
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "targets", "lost.target.yaml"), "hub: target/1\nid: last\ntables: {}\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "codes", "lost.yaml"), "hub: codes/1\nid: lost\nmapp: { A: B }\n", Cancellation);
        Directory.CreateDirectory(Path.Combine(hub.Mappings, "partners", "prairie", "codes"));
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "partners", "prairie", "codes", "theirs.yaml"), "hub: code/1\nid: theirs\nmap: { A: B }\n", Cancellation);

        var check = await hub.Run("map", "check");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("targets/lost.target.yaml:2:5 ", check.Output, StringComparison.Ordinal);
        Assert.Contains("codes/lost.yaml:3:1 COD1003 A code list has no 'mapp'.", check.Output, StringComparison.Ordinal);
        Assert.Contains("partners/prairie/codes/theirs.yaml:1:6 COD1001 This is not a code list.", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_of_the_folder_is_checked_or_said_to_be_read_by_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "partners", "prairie", "own.yaml"), "hub: guide/1\nid: prairie/own\nextends: [edifact/D.96A/ORDRES]\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "base", "odd.yaml"), "hbu: map/1\nid: base/odd\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "targets", "lost.yaml"), "hub: target/1\n", Cancellation);
        Directory.CreateDirectory(Path.Combine(hub.Mappings, "codes", "old"));
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "codes", "old", "uom.yaml"), "hub: codes/1\n", Cancellation);

        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "codes", "uom.yml"), "hub: codes/1\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "stray.yaml"), "# orders\nhub: map/1 # as base/orders\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "not-ours.yml"), "stages: [build]\n", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "not-ours.yaml"), "stages: [build]\n", Cancellation);

        var check = await hub.Run("map", "check");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("codes/uom.yml:1:1 MAP1007 warning: Nothing reads this file where it stands. (call it codes/uom.yaml)", check.Output, StringComparison.Ordinal);
        Assert.Contains("stray.yaml:1:1 MAP1007 warning: Nothing reads this file where it stands. (put it into base/ or a partner's folder)", check.Output, StringComparison.Ordinal);
        Assert.Contains("partners/prairie/own.yaml:3:11 GDE1003 There is no definition of ORDRES D.96A.", check.Output, StringComparison.Ordinal);
        Assert.Contains("base/odd.yaml:1:1 MAP1001 This is not a map.", check.Output, StringComparison.Ordinal);
        Assert.Contains("targets/lost.yaml:1:1 MAP1007 warning: Nothing reads this file where it stands. (call it targets/lost.target.yaml)", check.Output, StringComparison.Ordinal);
        Assert.Contains("codes/old/uom.yaml:1:1 MAP1007 warning: Nothing reads this file where it stands. (put it into codes/ itself)", check.Output, StringComparison.Ordinal);
        Assert.Contains(": 2 mistake(s), 4 warning(s).", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guide_of_another_message_than_the_map_is_a_mistake_of_the_agreement()
    {
        var path = Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml");
        var text = await File.ReadAllTextAsync(path, Cancellation);
        await File.WriteAllTextAsync(path, text.Replace("map: base/pricat-edifact }", "map: base/pricat-edifact, guide: guides/nordlicht-orders }", StringComparison.Ordinal), Cancellation);
        var check = await hub.Run("map", "check");

        Assert.Equal(1, check.ExitCode);
        Assert.Matches(@"nordlicht/partner\.yaml:\d+:90 PTN1012 Guide guides/nordlicht-orders is of ORDERS D\.96A, but this takes PRICAT with a map of PRICAT D\.96A\.", check.Output);
    }

    [Fact]
    public async Task The_message_as_a_guide_leaves_it_names_the_line_of_each_change()
    {
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "guides", "own.yaml"), """
            hub: guide/1
            id: guides/own
            extends: [guides/nordlicht-orders]
            use:
              LIN/PIA: { max: 3 }
              LIN/PRI: { required: yes, severity: warn }
              LIN.1082: { max: 4, severity: off }
            extend: { LIN: { after: QTY, add: ZZZ C5 } }
            """, Cancellation);
        var byId = await hub.Run("definitions", "show", "ORDERS", "D.96A", "--guide", "guides/own");
        var byFile = await hub.Run("definitions", "show", "--guide", Path.Combine(hub.Mappings, "guides", "own.yaml"));
        var other = await hub.Run("definitions", "show", "ORDERS", "D.01B", "--guide", "guides/own");
        var list = await hub.Run("definitions", "list", "--message", "ORDERS");

        Assert.Equal((0, byId.Output), (byFile.ExitCode, byFile.Output));
        Assert.StartsWith("ORDERS D.96A with guides/own\n", byId.Output, StringComparison.Ordinal);
        Assert.Contains("\nIMD                        C 1             Item description\n", byId.Output, StringComparison.Ordinal);
        Assert.Contains("  PIA                      C 3             Additional product id  <- was C 25; guides/own.yaml:5\n", byId.Output, StringComparison.Ordinal);
        Assert.Contains("  + PRI                    M 25      SG28  Price details  <- was C 25; guides/own.yaml:6 (warn)\n", byId.Output, StringComparison.Ordinal);
        Assert.Contains("    . LIN.1082             0..4 characters (off)  <- guides/own.yaml:7\n", byId.Output, StringComparison.Ordinal);
        Assert.Contains("ZZZ C 5 in LIN after QTY, beyond the standard; the hub does not read it  <- guides/own.yaml:8\n", byId.Output, StringComparison.Ordinal);
        Assert.Matches(@"\+ TDT +not used +SG9 +Details of transport  <- was C 10; guides/nordlicht-orders\.yaml:\d+\n\+ TOD", byId.Output);
        Assert.Matches(@"  \. NAD\[SU\] +1  <- guides/nordlicht-orders\.yaml:\d+\n", byId.Output);
        Assert.Equal((2, "The guide guides/own is of ORDERS D.96A.\n"), (other.ExitCode, other.Errors));
        Assert.Matches(@"guides/own +ORDERS D\.96A +\d+\n", list.Output);
    }

    public void Dispose() => hub.Dispose();
}
