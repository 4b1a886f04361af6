using System.Text.Json;

namespace DistributorHub.Worker.Tests.Cli;

public sealed class VerbTests : IDisposable
{
    readonly CommandLine hub = new();

    [Fact]
    public async Task Parse_tells_scripts_what_an_EDIFACT_file_holds()
    {
        var result = await hub.Run("parse", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith("}\n", result.Output);
        using var json = JsonDocument.Parse(result.Output);
        var interchange = Assert.Single(json.RootElement.GetProperty("interchanges").EnumerateArray());
        Assert.Equal("EDIFACT", interchange.GetProperty("syntax").GetString());
        Assert.Equal("UNOC", interchange.GetProperty("syntaxIdentifier").GetString());
        Assert.Equal("3", interchange.GetProperty("syntaxVersion").GetString());
        Assert.Equal("4012345000016", interchange.GetProperty("sender").GetProperty("id").GetString());
        Assert.Equal("14", interchange.GetProperty("sender").GetProperty("qualifier").GetString());
        Assert.Equal("NL000117", interchange.GetProperty("reference").GetString());
        Assert.False(interchange.GetProperty("test").GetBoolean());
        Assert.Equal("""{"component":":","element":"+","decimal":".","release":"?","repetition":"","terminator":"'"}""",
            interchange.GetProperty("delimiters").GetRawText());
        var messages = interchange.GetProperty("messages").EnumerateArray().ToList();
        // Header 11 segments (12 with FTX), 6 a line, UNS MOA CNT, UNT.
        Assert.Equal([("ORDERS", "D", "96A", 34), ("ORDERS", "D", "96A", 27)], messages.Select(message => (
            message.GetProperty("type").GetString(), message.GetProperty("version").GetString(),
            message.GetProperty("release").GetString(), message.GetProperty("segments").GetInt32())));
        Assert.Equal(63, interchange.GetProperty("segments").GetInt32());
        Assert.Empty(interchange.GetProperty("findings").EnumerateArray());
        Assert.Empty(json.RootElement.GetProperty("findings").EnumerateArray());
    }

    [Fact]
    public async Task Parse_tells_scripts_what_an_X12_file_holds()
    {
        var result = await hub.Run("parse", CommandLine.Sample("prairie", "in", "850-20261116.x12"), "--json");
        Assert.Equal(0, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        var interchange = Assert.Single(json.RootElement.GetProperty("interchanges").EnumerateArray());
        Assert.Equal("X12", interchange.GetProperty("syntax").GetString());
        var group = Assert.Single(interchange.GetProperty("groups").EnumerateArray());
        Assert.Equal("PO/905/004010", $"{group.GetProperty("code")}/{group.GetProperty("reference")}/{group.GetProperty("version")}");
        Assert.Equal([21, 17], interchange.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("segments").GetInt32()));
        Assert.Equal(42, interchange.GetProperty("segments").GetInt32());
    }

    [Fact]
    public async Task Ack_prints_what_would_be_sent_and_uses_no_number_up()
    {
        var path = Path.Combine(hub.Mappings, "partners", "nordlicht", "partner.yaml");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))
            .Replace("acknowledge:\n", "acknowledge:\n  business: yes\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var file = CommandLine.Sample("nordlicht", "in", "orders-4500017203-broken.edi");

        var first = await hub.Run("ack", file);
        Assert.Equal(1, first.ExitCode);
        var answers = first.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, answers.Length);
        Assert.Contains("UNH+1+CONTRL:D:3:UN'UCI+", answers[0], StringComparison.Ordinal);
        Assert.EndsWith("+7'UNT+3+1'UNZ+1+000000001'", answers[0], StringComparison.Ordinal);
        Assert.Contains("ERC+MAP2105::91'FTX+AAO+++order_lines.uom?: the code ?'KRT?'", answers[1], StringComparison.Ordinal);
        Assert.EndsWith("UNZ+1+000000002'", answers[1], StringComparison.Ordinal);
        Assert.Contains("CONTRL for interchange", first.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(hub.Data));

        await hub.Run("exchange", "list");
        Assert.Contains("UNZ+1+000000001'", (await hub.Run("ack", file)).Output, StringComparison.Ordinal);
        Assert.Contains("UNZ+1+000000001'", (await hub.Run("ack", file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ack_answers_a_stranger_as_a_partner_without_settings_would_be()
    {
        var file = CommandLine.Sample("prairie", "in", "850-20261116.x12");
        File.Delete(Path.Combine(hub.Mappings, "partners", "prairie", "partner.yaml"));

        var result = await hub.Run("ack", file);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ST*997*0001~AK1*PO*905~AK9*A*2*2*2~SE*4*0001~", result.Output, StringComparison.Ordinal);
        Assert.Contains("is of no partner", result.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Run("ack", file, "--partner", "nobody")).ExitCode);
        Assert.Equal(2, (await hub.Run("ack", file + ".absent")).ExitCode);
        Assert.Equal(1, (await hub.Run("ack", Path.Combine(hub.Mappings, "README.md"))).ExitCode);
    }

    [Fact]
    public async Task Parse_of_a_cut_file_prints_whole_JSON_and_ends_with_1()
    {
        var cut = Path.Combine(hub.Mappings, "cut.edi");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"),
            TestContext.Current.CancellationToken))[..700], TestContext.Current.CancellationToken);
        var result = await hub.Run("parse", cut, "--json");
        Assert.Equal(1, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        Assert.NotEmpty(json.RootElement.GetProperty("interchanges")[0].GetProperty("findings").EnumerateArray());
    }

    [Fact]
    public async Task A_finding_is_shown_with_line_column_and_segment()
    {
        var file = Path.Combine(hub.Mappings, "faulty.edi");
        await File.WriteAllTextAsync(file, "UNB+UNOC:3+A+B+260401:0815+R1'\nUNH+1+ORDERS:D:96A:UN'\nBGM+220+1'\nDTM+137:20260401:102'\nLIN+1'\n  QTY+21:x'\nUNS+S'\nUNT+7+1'\nUNZ+1+R1'",
            TestContext.Current.CancellationToken);
        var text = await hub.Run("parse", file);
        Assert.Contains("  error ELM4005 at line 6, column 10 (message 1, segment 5, byte 103), ORDERS/LIN[1]/QTY/C186.6060: ", text.Output, StringComparison.Ordinal);
        Assert.Contains("\n      QTY+21:x\n", text.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await hub.Run("parse", file, "--json")).Output);
        var finding = json.RootElement.GetProperty("interchanges")[0].GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("code").GetString() == "ELM4005");
        Assert.Equal((6, 10, "QTY+21:x"), (finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32(), finding.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_map_that_is_named_is_tried_on_the_file_of_a_stranger()
    {
        var file = Path.Combine(hub.Mappings, "stranger.edi");
        var order = await File.ReadAllTextAsync(CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), System.Text.Encoding.Latin1, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, order.Replace("4012345000016:14", "4099999000016:14", StringComparison.Ordinal), System.Text.Encoding.Latin1, TestContext.Current.CancellationToken);
        var without = await hub.Run("map", "run", file);
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("to try a map without one: --map ID", without.Output, StringComparison.Ordinal);
        var named = await hub.Run("map", "run", file, "--map", "base/orders-edifact");
        Assert.Equal((0, ""), (named.ExitCode, named.Errors));
        Assert.Contains("ORDERS 4500017202", named.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Run("map", "run", file, "--map", "base/orders-edifact", "--partner", "nobody")).ExitCode);
    }

    [Fact]
    public async Task A_character_set_that_does_not_exist_is_wrong_usage()
    {
        var result = await hub.Run("parse", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), "--charset", "Klingon");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("'Klingon' is no character set", result.Errors);
    }

    [Fact]
    public async Task The_maps_of_the_repository_have_no_mistakes()
    {
        var result = await hub.Run("map", "check");
        Assert.Equal($"{hub.Maps} map(s) and 1 guide(s) checked: 0 mistake(s), 0 warning(s).", result.Output.Trim());
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task The_stream_class_of_every_column_is_printed()
    {
        var result = await hub.Run("map", "check", "--stream", "base/pricat-edifact");
        Assert.Equal(0, result.ExitCode);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal("base/pricat-edifact: PRICAT D.96A, holds one PGI/LIN", lines[0]);
        Assert.Contains("price_catalogue message item_count fold count(PGI/LIN)", lines);
        Assert.Contains("price_items PGI/LIN product_group fixed /PGI.C288.5389?", lines);
        Assert.Contains("price_items PGI/LIN valid_from fixed DTM[194] ?? $price_catalogue.valid_from", lines);
        Assert.Contains("price_tiers PGI/LIN/PRI price local PRI.C509.5118", lines);
        Assert.Equal("1 map(s) and 0 guide(s) checked: 0 mistake(s), 0 warning(s).", lines[^1]);
        // 8 columns of the list, 8 of an item, 9 of a price and 6 of an allowance, with title, head and sum.
        Assert.Equal(8 + 8 + 9 + 6 + 3, lines.Count);
    }

    [Fact]
    public async Task A_mistake_in_a_map_is_told_with_its_place_and_pauses_that_partner_only()
    {
        var map = Path.Combine(hub.Mappings, "base", "orders-x12.yaml");
        await File.WriteAllTextAsync(map, (await File.ReadAllTextAsync(map, TestContext.Current.CancellationToken)).Replace("BEG03", "BEX03", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var check = await hub.Run("map", "check");
        Assert.Equal(1, check.ExitCode);
        Assert.Matches(@"base/orders-x12\.yaml:9:19 MAP1101 .*BEX", check.Output);
        var run = await hub.Run("run", "--once");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("prairie is paused", run.Output);
        Assert.Contains("ORDERS 4500017201  loaded", run.Output);
    }

    [Fact]
    public async Task Map_run_shows_the_rows_of_a_file_and_writes_nothing()
    {
        var result = await hub.Run("map", "run", CommandLine.Sample("nordlicht", "in", "orders-4500017201.edi"), "--json");
        Assert.Equal(0, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        var second = json.RootElement.GetProperty("messages")[1];
        Assert.Equal("4500017202", second.GetProperty("number").GetString());
        var glove = second.GetProperty("rows").GetProperty("order_lines")[1];
        Assert.Equal("O'Neill Montagehandschuh Gr. 10", glove.GetProperty("description").GetString());
        Assert.Equal(200m, glove.GetProperty("qty").GetDecimal());
        Assert.Equal("PR", glove.GetProperty("uom").GetString());
        Assert.Equal(4.35m, glove.GetProperty("net_price").GetDecimal());
        Assert.False(File.Exists(Path.Combine(hub.Data, "seller.db")));
    }

    [Fact]
    public async Task Map_run_names_what_stands_in_the_way_of_a_broken_file()
    {
        var result = await hub.Run("map", "run", CommandLine.Sample("nordlicht", "in", "orders-4500017203-broken.edi"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'KRT'", result.Output);
        Assert.Contains("segment 15", result.Output);
    }

    [Fact]
    public async Task A_newcomer_mends_the_broken_sample_and_retries_it()
    {
        var run = await hub.Run("run", "--once");
        Assert.Equal(1, run.ExitCode);
        var failed = Assert.Single(await Exchanges("--state", "Failed"));
        Assert.Equal("orders-4500017203-broken.edi", failed.GetProperty("file").GetString());
        Assert.Equal("4500017203/Failed", string.Join('/', failed.GetProperty("documents").EnumerateArray().Select(d => $"{d.GetProperty("number")}/{d.GetProperty("state")}")));
        var id = failed.GetProperty("id").ToString();
        await Shows_what_parse_shows(id);
        var one = await hub.Run("exchange", "list", "--limit", "1");
        Assert.Contains("there are more: --limit 10", one.Errors, StringComparison.Ordinal);
        Assert.Empty((await hub.Run("exchange", "list")).Errors);
        Assert.Equal(2, (await hub.Run("exchange", "list", "--limit", "0")).ExitCode);

        Directory.CreateDirectory(Path.Combine(hub.Mappings, "partners", "nordlicht", "codes"));
        await File.WriteAllTextAsync(Path.Combine(hub.Mappings, "partners", "nordlicht", "codes", "uom.yaml"),
            "hub: codes/1\nid: uom\nmap: { KRT: CT }\n", TestContext.Current.CancellationToken);
        // A retry maps as before, and says what helps.
        var retry = await hub.Run("exchange", "retry", id);
        Assert.Equal(1, retry.ExitCode);
        Assert.Contains($"hub exchange replay {id} --failed-only", retry.Output, StringComparison.Ordinal);
        var replay = await hub.Run("exchange", "replay", id, "--reason", "KRT is a carton");
        Assert.Equal(0, replay.ExitCode);
        Assert.Contains("KRT is a carton", replay.Output);
        Assert.Empty(await Exchanges("--state", "Failed"));
        Assert.Single(await Exchanges("--number", "4500017203"));
        Assert.Equal(1, (await hub.Run("exchange", "retry", id)).ExitCode);
        Assert.Equal(2, (await hub.Run("exchange", "show", "999")).ExitCode);
    }

    [Fact]
    public async Task An_incomplete_file_is_told_by_the_run_and_by_the_list()
    {
        await hub.Run("run", "--once", "--partner", "prairie");
        var sample = await File.ReadAllBytesAsync(CommandLine.Sample("prairie", "in", "850-20261116.x12"), TestContext.Current.CancellationToken);
        var cut = Path.Combine(hub.Data, "files", "prairie", "in", "cut.x12");
        await File.WriteAllBytesAsync(cut, sample[..^20], TestContext.Current.CancellationToken);
        var run = await hub.Run("run", "--once", "--partner", "prairie");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"prairie: prairie/in/cut\.x12 is incomplete: the end of its interchange \(UNZ or IEA\) is missing\. It is looked at again", run.Output);
        var list = await hub.Run("exchange", "list");
        Assert.Matches(@"prairie  prairie/in/cut\.x12  Incomplete  the end of its interchange", list.Output);
        var listed = Assert.Single(await Exchanges("--partner", "prairie"), exchange => exchange.GetProperty("state").GetString() == "Incomplete");
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("id").ValueKind);
        Assert.DoesNotContain("cut.x12", (await hub.Run("exchange", "list", "--partner", "nordlicht")).Output);
        Assert.Equal(sample[..^20], await File.ReadAllBytesAsync(cut, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_document_without_a_number_is_told_by_its_reference()
    {
        var folder = Directory.CreateDirectory(Path.Combine(hub.Data, "files", "nordlicht", "in"));
        var order = await File.ReadAllBytesAsync(CommandLine.Sample("nordlicht", "in", "orders-4500017203-broken.edi"), TestContext.Current.CancellationToken);
        var text = System.Text.Encoding.Latin1.GetString(order).Replace("UNH+1+", "UNH+M77+").Replace("UNT+27+1", "UNT+27+M77").Replace("BGM+220+4500017203+9", "BGM+220++9");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nameless.edi"), text, System.Text.Encoding.Latin1, TestContext.Current.CancellationToken);
        var run = await hub.Run("run", "--once", "--partner", "nordlicht");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("ORDERS M77  failed: ", run.Output);
    }

    [Fact]
    public async Task Partners_are_listed_checked_and_polled()
    {
        Assert.Equal(1, (await hub.Run("partner", "poll", "nordlicht")).ExitCode);
        var list = await hub.Run("partner", "list", "--json");
        using var json = JsonDocument.Parse(list.Output);
        Assert.Equal(["nordlicht", "prairie"], json.RootElement.EnumerateArray().Select(partner => partner.GetProperty("id").GetString()));
        Assert.Equal(0, (await hub.Run("partner", "check", "prairie")).ExitCode);
        var unknown = await hub.Run("partner", "check", "nobody");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("There is no partner 'nobody'.", unknown.Errors);
        var file = Path.Combine(hub.Mappings, "partners", "prairie", "partner.yaml");
        await File.AppendAllTextAsync(file, "charset: Klingon\n", TestContext.Current.CancellationToken);
        var broken = await hub.Run("partner", "check", "prairie");
        Assert.Equal(1, broken.ExitCode);
        Assert.Matches(@"^partners/prairie/partner\.yaml:\d+:10 PTN1004 'charset' is 'Klingon'", broken.Errors);
        Assert.Contains("prairie is paused until its partner.yaml is mended", broken.Errors);
    }

    [Fact]
    public async Task Target_tables_are_made_and_compared()
    {
        var missing = await hub.Run("target", "check", "shop");
        Assert.Equal(1, missing.ExitCode);
        var statements = await hub.Run("target", "create", "shop", "--print");
        Assert.Contains("hub_inbox", statements.Output);
        Assert.Equal(0, (await hub.Run("target", "create", "shop")).ExitCode);
        var made = await hub.Run("target", "check", "shop");
        Assert.Equal("Target shop: 7 table(s), 0 difference(s).", made.Output.Trim());
        Assert.Contains("hub: target/1", (await hub.Run("target", "pull", "drafted")).Output);
    }

    [Theory]
    [InlineData(2, "nonsense")]
    [InlineData(2, "parse", "no-such-file.edi")]
    [InlineData(2, "run", "--partner", "nordlicht")]
    [InlineData(0, "--help")]
    [InlineData(0, "migrate")]
    public async Task The_exit_code_tells_usage_from_failure(int expected, params string[] arguments) =>
        Assert.Equal(expected, (await hub.Run(arguments)).ExitCode);

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_a_broken_world()
    {
        hub.Settings["ConnectionStrings__Hub"] = "Host=127.0.0.1;Port=1;Username=hub;Database=hub";
        hub.Settings["ConnectionStrings__Seller"] = "Host=127.0.0.1;Port=1;Username=hub;Database=hub";
        var result = await hub.Run("exchange", "list");
        Assert.Equal(3, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith("The hub database cannot be opened: ", result.Errors);
        Assert.Single(result.Errors.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Prt=5432;Password=geheim", "'prt'")]
    [InlineData("Host=127.0.0.1;Port=geheim", "port")]
    [InlineData("Data Source=hub.db;Pasword=geheim", "")]
    [InlineData("geheim", "")]
    public async Task A_connection_string_with_a_mistake_is_named_in_a_sentence(string text, string told)
    {
        hub.Settings["ConnectionStrings__Hub"] = text;
        hub.Settings["ConnectionStrings__Seller"] = "Data Source=seller.db";
        var result = await hub.Run("run");
        Assert.Equal(2, result.ExitCode);
        var sentence = Assert.Single(result.Errors.Trim().Split('\n'));
        Assert.StartsWith("ConnectionStrings:Hub cannot be read. ", sentence);
        Assert.Contains(told, sentence, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("geheim", sentence);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_one_is_named()
    {
        await File.WriteAllTextAsync(hub.Data, "a file", TestContext.Current.CancellationToken);
        var result = await hub.Run("migrate");
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"Hub:Data is '{hub.Data}'; the hub needs a folder there", Assert.Single(result.Errors.Trim().Split('\n')));
    }

    [Fact]
    public async Task An_address_that_is_taken_ends_the_service_with_a_sentence()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        hub.Settings["Hub__Address"] = $"http://{other.LocalEndpoint}";
        var result = await hub.Run("run");
        Assert.Equal(3, result.ExitCode);
        Assert.StartsWith($"Hub:Address is '{hub.Settings["Hub__Address"]}/', and the hub cannot listen there: ", Assert.Single(result.Errors.Trim().Split('\n')));
        Assert.DoesNotContain("   at ", result.Output);
    }

    async Task Shows_what_parse_shows(string failed)
    {
        var shown = await hub.Run("exchange", "show", failed);
        Assert.Matches(@"error MAP2105 at line \d+, column \d+ \(message 1, segment \d+, byte \d+\)", shown.Output);
        Assert.Matches(@"\n      QTY\+21:\d+:KRT\n", shown.Output);
        using var show = JsonDocument.Parse((await hub.Run("exchange", "show", failed, "--json")).Output);
        var file = CommandLine.Sample("nordlicht", "in", "orders-4500017203-broken.edi");
        using var map = JsonDocument.Parse((await hub.Run("map", "run", file, "--json")).Output);
        using var parse = JsonDocument.Parse((await hub.Run("parse", file, "--json")).Output);
        Assert.Equal(map.RootElement.GetProperty("findings").GetRawText(), show.RootElement.GetProperty("findings").GetRawText());
        var (interchange, parsed) = (show.RootElement.GetProperty("interchanges")[0], parse.RootElement.GetProperty("interchanges")[0]);
        foreach (var name in new[] { "syntax", "sender", "recipient", "reference", "test" })
            Assert.Equal(parsed.GetProperty(name).GetRawText(), interchange.GetProperty(name).GetRawText());
        var (document, message) = (show.RootElement.GetProperty("documents")[0], parsed.GetProperty("messages")[0]);
        foreach (var name in new[] { "type", "version", "release", "reference", "segments", "offset" })
            Assert.Equal(message.GetProperty(name).GetRawText(), document.GetProperty(name).GetRawText());
    }

    async Task<List<JsonElement>> Exchanges(params string[] filter)
    {
        var result = await hub.Run(["exchange", "list", "--json", .. filter]);
        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith("]\n", result.Output);
        return [.. JsonDocument.Parse(result.Output).RootElement.EnumerateArray()];
    }

    public void Dispose() => hub.Dispose();
}
