using System.Xml.Linq;
using DistributorHub.Worker.Golden;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map test</c> and <c>hub map check --strict</c>.</summary>
public sealed class MapTestVerbTests : IDisposable
{
    const string Basic = "base/orders-edifact.tests/01-basic";

    readonly CommandLine hub = new();

    string PathOf(string name) => Path.Combine([hub.Mappings, .. name.Split('/')]);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    async Task Change(string name, string from, string to)
    {
        var text = await File.ReadAllTextAsync(PathOf(name), Cancellation);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(PathOf(name), text.Replace(from, to, StringComparison.Ordinal), Cancellation);
    }

    [Fact]
    public async Task All_tests_are_run_and_reported_in_both_forms_of_build_servers()
    {
        await Change($"{Basic}.expect.yaml", "uom: 'KG'", "uom: 'CT'");
        var all = GoldenTests.Find(hub.Mappings).Count;
        string trx = Path.Combine(hub.Mappings, "r.trx"), junit = Path.Combine(hub.Mappings, "r.xml");
        var result = await hub.Run("map", "test", "--trx", trx, "--junit", junit);
        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        const string difference = "order_lines (line_no 1) of orders (partner_id 4012345000023, order_no A-1001) uom: expected 'CT', found 'KG' (the row comes from segment 13).";
        Assert.Contains($"  {Basic}.expect.yaml:37:14 EXP1101 {difference}\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith($"{all} golden test(s): {all - 1} passed, 1 failed.\n", result.Output, StringComparison.Ordinal);

        var suites = XDocument.Load(junit).Root!;
        Assert.Equal(($"{all}", "1"), (suites.Attribute("tests")!.Value, suites.Attribute("failures")!.Value));
        Assert.Equal(all, suites.Descendants("testcase").Count());
        Assert.Contains(difference, Assert.Single(suites.Descendants("failure")).Value, StringComparison.Ordinal);
        XNamespace space = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        var run = XDocument.Load(trx).Root!;
        var counters = run.Element(space + "ResultSummary")!.Element(space + "Counters")!;
        Assert.Equal(($"{all}", $"{all - 1}", "1"), (counters.Attribute("total")!.Value, counters.Attribute("passed")!.Value, counters.Attribute("failed")!.Value));
        var failed = Assert.Single(run.Descendants(space + "UnitTestResult"), test => test.Attribute("outcome")!.Value == "Failed");
        Assert.Equal(Basic, failed.Attribute("testName")!.Value);
        Assert.Contains(difference, failed.Value, StringComparison.Ordinal);
        Assert.Equal(run.Descendants(space + "UnitTest").Select(test => test.Attribute("id")!.Value), run.Descendants(space + "TestEntry").Select(entry => entry.Attribute("testId")!.Value));
    }

    [Fact]
    public async Task A_map_is_tested_with_the_partners_who_use_it()
    {
        await Change("base/orders-edifact.yaml", "code(LIN.1229 ?? '1', line_action)", "code(LIN.1229 ?? '3', line_action)");
        var result = await hub.Run("map", "test", "base/orders-edifact");
        Assert.Equal(1, result.ExitCode);
        foreach (var failed in new[] { Basic, "base/orders-edifact.tests/02-unknown-unit", "partners/nordlicht/tests/01-order" })
            Assert.Contains($"FAILED  {failed}\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("4 golden test(s): 1 passed, 3 failed.\n", result.Output, StringComparison.Ordinal);
        var partner = await hub.Run("map", "test", "base/orders-edifact", "--partner", "prairie");
        Assert.Equal((1, "There is no golden test of this.\n"), (partner.ExitCode, partner.Output));
    }

    [Fact]
    public async Task Rows_messages_and_findings_that_are_missing_or_too_many_are_told_by_key()
    {
        await Change($"{Basic}.expect.yaml", "line_no: 2", "line_no: 7");
        await Change($"{Basic}.expect.yaml", "        postcode: '24103'\n", "");
        await Change($"{Basic}.expect.yaml", "      - role: 'ship_to'\n        gln: '4012345000030'\n", "      - role: 'ship_to'\n        gln: '4012345000030'\n        code: '7'\n");
        var result = await hub.Run("map", "test", Basic);
        Assert.Equal(1, result.ExitCode);
        const string order = "of orders (partner_id 4012345000023, order_no A-1001)";
        Assert.Contains($"order_parties (role buyer) {order} postcode: expected nothing, found '24103'", result.Output, StringComparison.Ordinal);
        Assert.Contains($"order_parties (role ship_to) {order} code: expected '7', found nothing", result.Output, StringComparison.Ordinal);
        Assert.Contains($"order_lines (line_no 7) {order}: the row is expected, and there is none with this key.", result.Output, StringComparison.Ordinal);
        Assert.Contains($"order_lines (line_no 2) {order}: the row is not expected. It comes from segment 19: line_no '2', action 'delete'", result.Output, StringComparison.Ordinal);

        const string bad = "base/orders-edifact.tests/02-unknown-unit";
        await Change($"{bad}.expect.yaml", "  rejected: yes\n", "");
        await Change($"{bad}.expect.yaml", "MAP2105, message: 1, segment: 9", "MAP2106, message: 1, segment: 9");
        result = await hub.Run("map", "test", bad);
        Assert.Contains($"{bad}.expect.yaml:4:3 EXP1101 message 1 (ORDERS A-1002) is rejected: MAP2105 in segment 9: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("MAP2106 in message 1, segment 9 is expected, and was not found.", result.Output, StringComparison.Ordinal);
        Assert.Contains("MAP2105 in message 1, segment 9 is not expected: ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_of_an_expect_file_are_told_where_they_are()
    {
        await File.WriteAllTextAsync(PathOf($"{Basic}.expect.yaml"), """
            hub: expect/1
            mesages: []
            messages:
            - message: ORDERS
              rejected: perhaps
            - message: ORDERS
              rows: none
            findings:
            - { cod: MAP2105, segment: last }
            """, Cancellation);
        var result = await hub.Run("map", "test", Basic);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
        [
            $"FAILED  {Basic}",
            $"  {Basic}.expect.yaml:2:1 EXP1002 'mesages' is not a setting of an expect file. (did you mean 'messages'?)",
            $"  {Basic}.expect.yaml:5:13 EXP1003 'rejected' is yes or no.",
            $"  {Basic}.expect.yaml:7:9 EXP1003 'rows' holds tables. (write the table's name with its rows below it)",
            $"  {Basic}.expect.yaml:9:3 EXP1004 'code' is missing: the code of the finding, such as MAP2105.",
            $"  {Basic}.expect.yaml:9:5 EXP1002 'cod' is not a setting of a finding. (did you mean 'code'?)",
            "1 golden test(s): 0 passed, 1 failed.",
        ], result.Output.TrimEnd('\n').Split('\n'));
        // What is wrong in its shape is told by the check of the maps as well.
        Assert.Contains($"{Basic}.expect.yaml:5:13 EXP1003", (await hub.Run("map", "check")).Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(PathOf($"{Basic}.expect.yaml"), """
            hub: expect/1
            messages:
            - message: ORDERS
              rows:
                order_lines:
                - line_no: 1
                orders:
                - partner_id: '4012345000023'
                  order_no: 'A-1001'
                  orderd_on: 2026-03-05
                  line_count: three
            """, Cancellation);
        result = await hub.Run("map", "test", Basic);
        Assert.Contains(":5:5 EXP1005 Rows of order_lines belong to a row of orders. (write them in that row of orders, indented like its columns)", result.Output, StringComparison.Ordinal);
        Assert.Contains(":10:7 EXP1006 Table orders has no column 'orderd_on'. (did you mean 'ordered_on'?)", result.Output, StringComparison.Ordinal);
        Assert.Contains(":11:19 EXP1007 'three' is no value of orders.line_count. (write a whole number, such as 12)", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_out_is_accepted_when_somebody_says_so_and_differs_in_nothing_else()
    {
        var expected = await File.ReadAllTextAsync(PathOf($"{Basic}.expect.yaml"), Cancellation);
        await Change("base/orders-edifact.yaml", "PRI[AAA].C509.5284 ?? 1", "PRI[AAA].C509.5284 ?? 5");
        hub.Typed = "n\n";
        var refused = await hub.Run("map", "test", Basic, "--accept");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("price_basis: expected '1', found '5'", refused.Output, StringComparison.Ordinal);
        Assert.Contains($"Write {Basic}.expect.yaml as it came out? [y/N]", refused.Output, StringComparison.Ordinal);
        Assert.Equal(expected, await File.ReadAllTextAsync(PathOf($"{Basic}.expect.yaml"), Cancellation));
        hub.Typed = "";
        Assert.Equal(1, (await hub.Run("map", "test", Basic, "--accept")).ExitCode);
        Assert.Equal(expected, await File.ReadAllTextAsync(PathOf($"{Basic}.expect.yaml"), Cancellation));

        hub.Typed = "y\n";
        var accepted = await hub.Run("map", "test", Basic, "--accept");
        Assert.Equal(0, accepted.ExitCode);
        Assert.Equal(expected.Replace("price_basis: 1\n", "price_basis: 5\n", StringComparison.Ordinal), await File.ReadAllTextAsync(PathOf($"{Basic}.expect.yaml"), Cancellation));
        Assert.Equal(0, (await hub.Run("map", "test", Basic)).ExitCode);
    }

    [Fact]
    public async Task A_new_file_fails_until_its_first_expectations_are_written()
    {
        const string added = "partners/nordlicht/tests/03-again";
        File.Copy(PathOf("partners/nordlicht/tests/01-order.edi"), PathOf($"{added}.edi"));
        var result = await hub.Run("map", "test", "--partner", "nordlicht");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{added}.expect.yaml:1:1 EXP1009 There is no expect file of 03-again.edi yet.", result.Output, StringComparison.Ordinal);
        result = await hub.Run("map", "test", "--partner", "nordlicht", "--accept", "--yes");
        Assert.Equal(0, result.ExitCode);
        var first = await File.ReadAllTextAsync(PathOf("partners/nordlicht/tests/01-order.expect.yaml"), Cancellation);
        Assert.Equal(first[(first.IndexOf('\n', StringComparison.Ordinal) + 1)..], await File.ReadAllTextAsync(PathOf($"{added}.expect.yaml"), Cancellation));

        File.Copy(PathOf("partners/nordlicht/tests/01-order.edi"), PathOf($"{added}.txt"));
        Assert.Contains("03-again.edi and 03-again.txt have the same name but for its ending.", (await hub.Run("map", "test", added)).Output, StringComparison.Ordinal);
        File.Delete(PathOf($"{added}.txt"));
        File.Delete(PathOf($"{added}.edi"));
        Assert.Contains("EXP1008 There is no file beside it that these expectations are of.", (await hub.Run("map", "test", added)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_envelope_decides_is_found_out_by_sending_the_document_again()
    {
        await Change("base/orders-edifact.yaml", "order_no:     BGM.1004", "order_no:     $env.reference");
        var result = await hub.Run("map", "test", "base/orders-edifact.tests/02-unknown-unit");
        Assert.Equal(1, result.ExitCode);
        // The expected number is another one as well.
        await hub.Run("map", "test", "base/orders-edifact.tests/02-unknown-unit", "--accept", "--yes");
        result = await hub.Run("map", "test", "base/orders-edifact.tests/02-unknown-unit");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("EXP1102 Loading the same document in another envelope, with another file name, reference and date, changes orders (policy version): "
            + "1 row(s) more: partner_id 4012345000023, po_number ORD0003.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_map_looks_up_has_a_value_in_the_test()
    {
        await Change("targets/shop.target.yaml", "tables:\n", "xrefs:\n  customer:\n    is: erp.customer\n    key: { gln: text(13) }\n    value: int = customer_no\ntables:\n");
        await Change("targets/shop.target.yaml", "      line_count:    int not null", "      line_count:    int not null\n      customer_no:   int not null");
        await Change("base/orders-edifact.yaml", "    line_count:   count(LIN)\n", "    line_count:   count(LIN)\n    customer_no:  xref(customer, NAD[BY].C082.3039)\n");
        var result = await hub.Run("map", "test", Basic);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("customer_no: expected nothing, found 'xref(customer, 4012345000023)'", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("map", "test", Basic, "--accept", "--yes")).ExitCode);
        Assert.Equal(0, (await hub.Run("map", "test", Basic)).ExitCode);
    }

    [Fact]
    public async Task Strictly_a_partner_without_a_golden_test_is_a_mistake()
    {
        Directory.Delete(PathOf("partners/prairie/tests"), recursive: true);
        Assert.Equal(0, (await hub.Run("map", "check")).ExitCode);
        var result = await hub.Run("map", "check", "--strict");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("partners/prairie/partner.yaml:1:1 EXP1012 Partner prairie has no golden test.", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Partner nordlicht", result.Output, StringComparison.Ordinal);
        await Change("partners/prairie/partner.yaml", "hub: partner/1\n", "hub: partner/1\nstate: retired\n");
        Assert.Equal(0, (await hub.Run("map", "check", "--strict")).ExitCode);
    }

    [Fact]
    public async Task What_stands_among_tests_is_no_map_whatever_it_says()
    {
        File.Copy(PathOf("base/orders-edifact.yaml"), PathOf("partners/nordlicht/tests/old.yaml"));
        File.Copy(PathOf("base/orders-edifact.yaml"), PathOf("base/orders-edifact.tests/old.yaml"));
        var result = await hub.Run("map", "check");
        Assert.Equal((0, $"{hub.Maps} map(s) and 1 guide(s) checked: 0 mistake(s), 0 warning(s).\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task A_release_that_a_map_names_needs_a_golden_test_with_a_message_of_it()
    {
        await Change("base/orders-edifact.yaml", "release: D.96A", "release: [D.96A, D.93A]");
        const string told = "No golden test reads ORDERS D.93A. (put a message of D.93A into base/orders-edifact.tests/, or leave the release out)";
        var strict = await hub.Run("map", "check", "--strict");
        Assert.Equal(1, strict.ExitCode);
        Assert.Contains($"base/orders-edifact.yaml:3:62 EXP1013 {told}\n", strict.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await hub.Run("map", "check")).ExitCode);
        var test = await hub.Run("map", "test");
        Assert.Equal(0, test.ExitCode);
        Assert.Contains($"base/orders-edifact.yaml:3:62 EXP1013 warning: {told}\n", test.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("EXP1013", (await hub.Run("map", "test", "base/orders-x12")).Output, StringComparison.Ordinal);

        var input = await File.ReadAllTextAsync(PathOf($"{Basic}.edi"), System.Text.Encoding.Latin1, Cancellation);
        await File.WriteAllTextAsync(PathOf("base/orders-edifact.tests/03-older.edi"), input.Replace("D:96A", "D:93A", StringComparison.Ordinal), System.Text.Encoding.Latin1, Cancellation);
        Assert.Equal(1, (await hub.Run("map", "check", "--strict")).ExitCode);
        File.Copy(PathOf($"{Basic}.expect.yaml"), PathOf("base/orders-edifact.tests/03-older.expect.yaml"));
        strict = await hub.Run("map", "check", "--strict");
        Assert.True(strict.ExitCode == 0, strict.Output);
        test = await hub.Run("map", "test", "base/orders-edifact");
        Assert.True(test.ExitCode == 0, test.Output);
        Assert.DoesNotContain("EXP1013", test.Output, StringComparison.Ordinal);
    }

    public void Dispose() => hub.Dispose();
}
