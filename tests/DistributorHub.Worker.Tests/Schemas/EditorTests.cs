using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DistributorHub.Tests;

namespace DistributorHub.Worker.Tests.Schemas;

/// <summary>What YAML editors show: asked of the language server that they use, over the shipped schemas and the shipped wiring.</summary>
public sealed class EditorTests
{
    static readonly string server = Repository.PathTo("artifacts", "editor");

    const string Map = "hub: map/1\nid: base/new\nto: shop\nrows:\n- table: orders\n  set:\n    order_no: BGM.1004\n";

    [Fact]
    public async Task An_editor_completes_columns_tables_settings_and_functions_and_says_what_they_mean()
    {
        Needs(Directory.Exists(Path.Combine(server, "node_modules")), "The YAML language server is not installed: tests/run.sh does that, with npm.");
        var answers = await Ask(
            ("base/column.yaml", Map + "    |\n"),
            ("base/table.yaml", "hub: map/1\nid: base/new\nto: shop\nrows:\n- table: |\n"),
            ("base/lines.yaml", Map + "- table: order_lines\n  for: LIN\n  set:\n    |\n"),
            ("base/function.yaml", Map + "    currency: |\n"),
            ("base/hover.yaml", Map + "    curr|ency: CUX.C504[2]\n    nonsense: 1\n"),
            ("base/setting.yaml", "hub: map/1\nid: base/new\n|\n"),
            ("partners/new/partner.yaml", "hub: partner/1\nname: New\nmessages:\n- map: |\n"),
            ("targets/new.target.yaml", "hub: target/1\nid: new\ntables:\n  orders:\n    policy: |\n"),
            ("guides/new.yaml", "hub: guide/1\nid: guides/new\nextends: [edifact/D.96A/ORDERS]\nuse:\n  BGM.1004:\n    required: yes\n    |\n"),
            ("new.yaml", "hub: |\n"));
        Assert.Contains("ordered_on", answers[0].Completions);
        Assert.DoesNotContain("order_no", answers[0].Completions);
        Assert.Contains("order_lines", answers[1].Completions);
        Assert.Contains("supplier_sku", answers[2].Completions);
        Assert.DoesNotContain("ordered_on", answers[2].Completions);
        Assert.Contains("code(x, list, [miss])", answers[3].Completions);
        Assert.Contains("orders.currency: text(3) not null", answers[4].Hover, StringComparison.Ordinal);
        Assert.Contains(answers[4].Diagnostics, message => message.Contains("nonsense", StringComparison.Ordinal));
        Assert.Contains("on_row_error", answers[5].Completions);
        Assert.Contains("base/orders-edifact", answers[6].Completions);
        Assert.Equal(["catalogue", "children", "insert", "skip", "update", "version"], answers[7].Completions.Order(StringComparer.Ordinal));
        Assert.Contains("codes", answers[8].Completions);
        Assert.Contains("guide/1", answers[9].Completions);
    }

    sealed record Answer(IReadOnlyList<string> Diagnostics, IReadOnlyList<string> Completions, string Hover);

    /// <summary>Answers about files of the folder of mappings, each with the cursor at its '|'.</summary>
    static async Task<IReadOnlyList<Answer>> Ask(params (string Path, string Text)[] files)
    {
        var folder = Repository.PathTo("mappings");
        var questions = new JsonArray([.. files.Select(file => new JsonObject { ["folder"] = folder, ["path"] = file.Path, ["text"] = file.Text })]);
        var start = new ProcessStartInfo("node", [Repository.PathTo("tests", "DistributorHub.Worker.Tests", "Schemas", "Editor", "ask.js"), server])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(questions.ToJsonString());
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(process.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<Answer[]>(await output, JsonSerializerOptions.Web)!;
    }

    static void Needs(bool present, string missing)
    {
        if (!present && Environment.GetEnvironmentVariable("DISTRIBUTORHUB_TESTS_REQUIRE_SERVERS") == "1")
            Assert.Fail(missing);
        Assert.SkipUnless(present, missing);
    }
}
