using System.Text.RegularExpressions;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Tests;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Tests.Partners;

public sealed partial class PartnerReaderTests
{
    const string Right = """
        hub: partner/1
        name: Nordhandel
        identities:
          - { standard: edifact, id: '4012345000009', qualifier: '14' }
        source:
          kind: folder
          path: nordhandel/out
        messages:
          - { standard: EDIFACT, message: ORDERS, map: base/orders-edifact }
        """;

    const string Server = """
        hub: partner/1
        name: Southern
        identities:
          - { standard: x12, id: SOUTHERN }
        source:
          kind: sftp
          path: /out
          host: sftp.southern.example
          user: us
          private_key: env:SOUTHERN_KEY
          host_keys: SHA256:uNiVztksCsDhcc0u9e8BrQ8lHNv5CXd3oUaDfM5TPQk
        messages:
          - { standard: x12, message: '850', map: base/orders-x12 }
        """;

    static (PartnerDefinition? Partner, List<Diagnostic> Diagnostics) Read(string text, string id = "nordhandel")
    {
        var diagnostics = new List<Diagnostic>();
        return (PartnerReader.Read("partner.yaml", ".", text, id, diagnostics, out _), diagnostics);
    }

    static Diagnostic TheMistake(string text, string id = "nordhandel")
    {
        var (partner, diagnostics) = Read(text, id);
        Assert.Null(partner);
        return Assert.Single(diagnostics);
    }

    [Fact]
    public void Files_without_an_envelope_go_by_their_names_and_need_no_identities()
    {
        var text = Right.Replace("  - { standard: EDIFACT, message: ORDERS, map: base/orders-edifact }", "  - { files: '*.csv', map: base/orders-csv }\n  - { files: 'Prices ?.xml', map: base/bmecat }", StringComparison.Ordinal)
            .Replace("identities:\n  - { standard: edifact, id: '4012345000009', qualifier: '14' }\n", "", StringComparison.Ordinal);
        var (partner, diagnostics) = Read(text);
        Assert.Empty(diagnostics);
        Assert.Empty(partner!.Identities);
        Assert.Equal("base/orders-csv", DistributorHub.Worker.Flow.PartnerMaps.Route(partner, "Bestellung.CSV")?.Map);
        Assert.Equal("base/bmecat", DistributorHub.Worker.Flow.PartnerMaps.Route(partner, "prices 3.xml")?.Map);
        Assert.Null(DistributorHub.Worker.Flow.PartnerMaps.Route(partner, "orders.edi"));
    }

    [Theory]
    [InlineData("{ files: '*.csv' }", "PTN1001 An entry of 'messages' has no 'map': the id of a map, such as base/pricelist-csv.")]
    [InlineData("{ files: '*.csv', map: base/orders-csv, message: ORDERS }", "PTN1002 An entry of 'messages' has no setting 'message'.")]
    [InlineData("{ files: '', map: base/orders-csv }", "PTN1003 'files' has no value.")]
    [InlineData("{ standard: csv, message: DESADV, map: base/orders-csv }", "PTN1004 'csv' files have no envelope that says what they are.")]
    public void An_entry_of_files_that_is_wrong_is_told(string entry, string told)
    {
        var mistake = TheMistake($"{Right}\n  - {entry}");
        Assert.Equal(told, $"{mistake.Code} {mistake.Message}");
    }

    [Fact]
    public void What_is_not_written_has_its_default()
    {
        var (partner, diagnostics) = Read(Right);
        Assert.Empty(diagnostics);
        Assert.NotNull(partner);
        Assert.Equal("nordhandel", partner.Id);
        Assert.Equal(PartnerState.Live, partner.State);
        Assert.Equal("*/5 * * * *", partner.Schedule);
        Assert.Equal(new PartnerIdentity(Standard.Edifact, "4012345000009", "14"), Assert.Single(partner.Identities));
        Assert.Equal(new RouteDefinition(Standard.Edifact, "ORDERS", "", "base/orders-edifact"), Assert.Single(partner.Routes));
        Assert.Equal(TimeSpan.FromSeconds(10), partner.Source.Settle);
        Assert.Equal(AfterRead.Move, partner.Source.AfterRead);
        Assert.Equal(6, partner.TransientRetries.Count);
        Assert.Equal((Answering.Requested, Answering.Requested, false), (partner.Acknowledge.Answers.Technical, partner.Acknowledge.Answers.Functional, partner.Acknowledge.Answers.Business));
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var (partner, diagnostics) = Read("""
            hub: partner/1
            name: Southern
            state: test
            sample: yes
            currency: USD
            charset: ISO-8859-1
            schedule: '30 */2 * * * *'
            identities:
              - { standard: x12, id: SOUTHERN, qualifier: ZZ }
              - { standard: x12, id: SOUTHERN, qualifier: '01' }
            source:
              kind: sftp
              path: /home/us/out/
              pattern: '*.x12'
              ignore: ['*.bak']
              settle: 500ms
              require_trailer: no
              incomplete_grace: 2h
              file_size_max: 50 MB
              files_per_poll: 10
              after_read: delete
              move_to: done/{date}
              host: sftp.southern.example
              port: 2222
              user: us
              password: env:SOUTHERN_PASSWORD
              private_key: file:/etc/hub/southern.key
              passphrase: file:southern.pass
              host_keys: [SHA256:uNiVztksCsDhcc0u9e8BrQ8lHNv5CXd3oUaDfM5TPQk]
              known_hosts: /etc/ssh/known
              insecure_accept_any_host_key: no
              connect_timeout: 5s
              operation_timeout: 2m
              parallel_downloads: 4
            messages:
              - { standard: X12, message: '850', release: '004010', map: base/orders-x12 }
            acknowledge:
              { technical: errors, functional: yes, business: yes, accepted_loops: yes, x12: 997, contrl: eancom1997, error_codes: early, folder: in }
            retry: { transient: [10s, 1h] }
            """);
        Assert.Empty(diagnostics);
        Assert.NotNull(partner);
        Assert.Equal(
            (PartnerState.Test, true, "USD", "ISO-8859-1", "30 */2 * * * *"),
            (partner.State, partner.Sample, partner.Currency, partner.Reading.Charset, partner.Schedule));
        Assert.Equal(["ZZ", "01"], partner.Identities.Select(identity => identity.Qualifier));
        var answers = new AcknowledgementOptions
        {
            Technical = Answering.Errors,
            Functional = Answering.Always,
            Business = true,
            AcceptedLoops = true,
            X12 = GroupAnswer.Only997,
            Contrl = ContrlVersion.Eancom1997,
            ErrorCodes = SyntaxErrorCodes.Early,
        };
        Assert.Equal(new AcknowledgePolicy { Answers = answers, Folder = "in" }, partner.Acknowledge);
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)], partner.TransientRetries);
        var expected = new SourceDefinition
        {
            Kind = SourceKind.Sftp,
            Path = "/home/us/out",
            Pattern = "*.x12",
            Ignore = partner.Source.Ignore,
            Settle = TimeSpan.FromMilliseconds(500),
            RequireTrailer = false,
            IncompleteGrace = TimeSpan.FromHours(2),
            FileBytesMax = 50 * 1024 * 1024,
            FilesPerPollMax = 10,
            AfterRead = AfterRead.Delete,
            MoveTo = "done/{date}",
            Host = "sftp.southern.example",
            Port = 2222,
            User = "us",
            Password = "env:SOUTHERN_PASSWORD",
            PrivateKey = "file:/etc/hub/southern.key",
            Passphrase = "file:southern.pass",
            HostKeys = partner.Source.HostKeys,
            KnownHosts = "/etc/ssh/known",
            ConnectTimeout = TimeSpan.FromSeconds(5),
            OperationTimeout = TimeSpan.FromMinutes(2),
            ParallelDownloads = 4,
        };
        Assert.Equal(expected, partner.Source);
        Assert.Equal(["*.bak"], partner.Source.Ignore);
    }

    [Fact]
    public void Maps_are_told_the_glns_of_both_sides()
    {
        var (partner, _) = Read(Right + "\ngln: '4012345000023'\nown_gln: '4012345000009'\n");
        Assert.Equal(("4012345000023", "4012345000009"), (partner!.Values()["gln"], partner.Values()["own_gln"]));
        var (_, diagnostics) = Read(Right + "\nown_gln: '4012345000008'\n");
        Assert.Contains(diagnostics, mistake => mistake.Message == "'own_gln' is '4012345000008'.");
    }

    [Fact]
    public void All_mistakes_come_at_once_each_at_its_place()
    {
        var (partner, diagnostics) = Read("""
            hub: partner/1
            nam: Nordhandel
            state: alive
            schedule: every day
            currency: euro
            identities:
              - { standard: edifakt, id: '4012345000009' }
            source:
              kind: folder
              path: ../../etc
              settle: 10
              parallel_downloads: 1000
            messages: base/orders
            """);
        Assert.Null(partner);
        Assert.Equal(
            [
                "1:1 PTN1001", "2:1 PTN1002", "3:8 PTN1004", "4:11 PTN1004", "5:11 PTN1004", "7:17 PTN1004",
                "10:9 PTN1011", "11:11 PTN1004", "12:23 PTN1004", "13:11 PTN1003",
            ],
            diagnostics.OrderBy(mistake => mistake.Line).Select(mistake => $"{mistake.Line}:{mistake.Column} {mistake.Code}"));
    }

    [Theory]
    [InlineData("name:", "nmae:", "did you mean 'name'?")]
    [InlineData("identities:", "identitys:", "did you mean 'identities'?")]
    [InlineData("  path:", "  folder:", "settings here")]
    public void An_unknown_setting_is_named_with_the_one_that_was_meant(string right, string wrong, string hint)
    {
        var (_, diagnostics) = Read(Right.Replace(right, wrong));
        Assert.Contains(diagnostics, mistake => mistake.Code == "PTN1002" && mistake.Hint!.Contains(hint));
        Assert.Contains(diagnostics, mistake => mistake.Code == "PTN1001");
    }

    [Theory]
    [InlineData("env:SOUTHERN_KEY", "top-secret-text", "PTN1005")]
    [InlineData("env:SOUTHERN_KEY", "'env:'", "PTN1005")]
    [InlineData("  private_key: env:SOUTHERN_KEY\n", "", "PTN1010")]
    [InlineData("  host_keys: SHA256:uNiVztksCsDhcc0u9e8BrQ8lHNv5CXd3oUaDfM5TPQk\n", "", "PTN1006")]
    [InlineData("  host_keys: SHA256:uNiVztksCsDhcc0u9e8BrQ8lHNv5CXd3oUaDfM5TPQk\n", "  insecure_accept_any_host_key: no\n", "PTN1006")]
    [InlineData("SHA256:uNiVztksCsDhcc0u9e8BrQ8lHNv5CXd3oUaDfM5TPQk", "16:27:ac:a5:76:28:2d:36", "PTN1004")]
    [InlineData("  host: sftp.southern.example\n", "", "PTN1001")]
    [InlineData("  path: /out\n", "  path: /out\n  port: 0\n", "PTN1004")]
    [InlineData("  path: /out\n", "  path: /out\n  move_to: /out/../..\n", "PTN1011")]
    [InlineData("  path: /out\n", "  path:\n", "PTN1003")]
    public void A_server_that_could_not_be_reached_safely_is_refused(string right, string wrong, string code)
    {
        Assert.Empty(Read(Server.ReplaceLineEndings("\n")).Diagnostics);
        var mistake = TheMistake(Server.ReplaceLineEndings("\n").Replace(right, wrong));
        Assert.Equal(code, mistake.Code);
        Assert.DoesNotContain("top-secret-text", mistake.ToString());
    }

    [Fact]
    public void A_folder_needs_no_server() =>
        Assert.Equal("PTN1007", TheMistake(Right.Replace("kind: folder", "kind: folder\n  host: example")).Code);

    [Fact]
    public void The_folders_name_is_an_id() => Assert.Equal("PTN1009", TheMistake(Right, "Nord Handel").Code);

    [Fact]
    public void Another_kind_of_file_is_not_a_partner() => Assert.Equal("PTN1004", TheMistake(Right.Replace("partner/1", "map/1")).Code);

    [Fact]
    public void One_message_goes_to_one_map() =>
        Assert.Equal("PTN1008", TheMistake(Right + "\n  - { standard: edifact, message: ORDERS, map: base/other }").Code);

    [Fact]
    public void Leniency_takes_a_verdict_for_each_fix_up_that_is_named()
    {
        var (partner, diagnostics) = Read(Right.ReplaceLineEndings("\n") + "\nleniency: { line_breaks: accept, short_isa: error, wrong_counts: Warn }");
        Assert.Empty(diagnostics);
        Assert.Equal(
            ["short_isa Error", "line_breaks Information", "wrong_counts Warning"],
            FixUp.All.Where(fixUp => partner!.Reading.Leniency[fixUp] is not null).Select(fixUp => $"{fixUp} {partner!.Reading.Leniency[fixUp]}"));
        Assert.All(FixUp.All, fixUp => Assert.Null(Read(Right).Partner!.Reading.Leniency[fixUp]));
    }

    [Theory]
    [InlineData("line-breaks: accept", "11:3 PTN1002 'leniency' has no setting 'line-breaks'. (did you mean 'line_breaks'?)")]
    [InlineData("shrot_isa: error", "11:3 PTN1002 'leniency' has no setting 'shrot_isa'. (did you mean 'short_isa'?)")]
    [InlineData("line_breaks: acept", "11:16 PTN1004 'line_breaks' is 'acept'; it can be accept, warn, error. (did you mean 'accept'?)")]
    [InlineData("line_breaks: 1", "11:16 PTN1004 'line_breaks' is '1'; it can be accept, warn, error.")]
    [InlineData("line_breaks: [warn]", "11:16 PTN1003 'line_breaks' is a single value.")]
    [InlineData("line_breaks:", "11:15 PTN1003 'line_breaks' has no value. (leave the line out to get the default)")]
    public void A_mistake_of_leniency_is_told_at_its_place(string setting, string told) =>
        Assert.Equal($"partner.yaml:{told}", TheMistake($"{Right.ReplaceLineEndings("\n")}\nleniency:\n  {setting}").ToString());

    [Fact]
    public void An_unknown_fix_up_is_answered_with_all_there_are()
    {
        var mistake = TheMistake($"{Right.ReplaceLineEndings("\n")}\nleniency: {{ everything: accept }}");
        Assert.Equal($"settings here: {string.Join(", ", FixUp.All)}", mistake.Hint);
        Assert.Equal("PTN1003", TheMistake($"{Right.ReplaceLineEndings("\n")}\nleniency: accept").Code);
    }

    [Fact]
    public void The_page_of_partners_lists_every_fix_up_with_its_default()
    {
        var readme = File.ReadAllText(Repository.PathTo("mappings", "partners", "README.md"));
        Assert.All(FixUp.All, fixUp => Assert.Contains(
            $"\n| `{fixUp.Name}` | {(fixUp.Severity == DistributorHub.Edi.Severity.Error ? "error" : "warn")}", readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("250 ms", 250)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("2d", 172_800_000)]
    public void Durations_carry_their_unit(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Measures.ParseDuration(text));

    [Theory]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1.5h")]
    [InlineData("9999999999s")]
    [InlineData("1 MB")]
    public void What_has_no_unit_is_no_duration(string text) => Assert.Null(Measures.ParseDuration(text));

    [Theory]
    [InlineData("50 MB", 52_428_800L)]
    [InlineData("2GB", 2_147_483_648L)]
    [InlineData("100 B", 100L)]
    public void Sizes_carry_their_unit(string text, long bytes) => Assert.Equal(bytes, Measures.ParseSize(text));

    [Fact]
    public void The_guides_example_is_right_and_every_setting_is_described()
    {
        var guide = File.ReadAllText(Repository.PathTo("mappings", "partners", "README.md"));
        var example = Regex.Match(guide, "```yaml\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.Empty(Read(example.Groups["text"].Value).Diagnostics);
        string[] sources = ["PartnerReader.cs", "SourceReader.cs"];
        var code = string.Concat(sources.Select(file => File.ReadAllText(Repository.PathTo("src", "DistributorHub.Worker", "Partners", file))));
        var settings = SettingName().Matches(code).Select(match => match.Groups["name"].Value).Distinct().ToArray();
        Assert.True(settings.Length > 30, $"Only {settings.Length} settings found.");
        Assert.All(settings, setting => Assert.Contains($"`{setting}`", guide));
    }

    [GeneratedRegex("(Required|Text|Texts|Flag|Number|Duration|Size|Choice|Secret|FileBeside|SafePath|Child|Sections|Scalar)\\((section, |file, )?\"(?<name>[a-z_]+)\"",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SettingName();
}
