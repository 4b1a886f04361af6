using System.Diagnostics;
using System.Text;

namespace DistributorHub.Worker.Tests.Cli;

/// <summary><c>hub map check --watch</c>, with the real program.</summary>
public sealed class CheckWatchTests : IDisposable
{
    readonly CommandLine hub = new();

    [Fact]
    public async Task Says_at_every_change_what_is_new_and_what_is_mended_and_ends_on_an_interrupt()
    {
        using var watch = new Watch(hub);
        var start = await watch.Until("Ctrl+C ends it.");
        Assert.Contains(": 0 mistake(s), 0 warning(s).", start, StringComparison.Ordinal);

        var right = Read("base/orders-edifact.yaml");
        Write("base/orders-edifact.yaml", right.Replace("order_no:     BGM.1004", "order_no:     BGM.1005", StringComparison.Ordinal));
        var first = await watch.Until("mistake(s)");
        Assert.Contains(" base/orders-edifact.yaml\n", first, StringComparison.Ordinal);
        Assert.Contains("  base/orders-edifact.yaml:9:", first, StringComparison.Ordinal);
        Assert.Contains(": 1 mistake(s), 0 warning(s).", first, StringComparison.Ordinal);

        // The first mistake moves down by a line and is not told again; a second one is new.
        Write("base/orders-edifact.yaml", "# moved\n" + Read("base/orders-edifact.yaml"));
        Write("codes/uom.yaml", "hub: codes/1\nid: uom\n");
        var second = await watch.Until("codes/uom.yaml:1:1 COD1005");
        Assert.DoesNotContain("BGM", second, StringComparison.Ordinal);

        Write("base/orders-edifact.yaml", right);
        File.Delete(Path.Combine(hub.Mappings, "codes", "uom.yaml"));
        var third = await watch.Until("  mended: codes/uom.yaml:1:1 COD1005");
        Assert.Contains("  mended: base/orders-edifact.yaml:10:", third, StringComparison.Ordinal);
        await watch.Until("mistake(s)");

        Assert.Equal(1, await watch.Interrupt());
    }

    [Fact]
    public async Task Keeps_the_schemas_of_the_editor_up_to_date()
    {
        using var watch = new Watch(hub);
        await watch.Until("Ctrl+C ends it.");
        Write("targets/shop.target.yaml", Read("targets/shop.target.yaml").Replace("      order_no:", "      channel:      text(10)\n      order_no:", StringComparison.Ordinal));
        await watch.Until(".schemas/map.schema.json is written.");
        Assert.Contains("\"channel\"", Read(".schemas/map.schema.json"), StringComparison.Ordinal);
        Assert.Equal(0, await watch.Interrupt());
    }

    string Read(string path) => File.ReadAllText(Path.Combine(hub.Mappings, path));

    void Write(string path, string text) => File.WriteAllText(Path.Combine(hub.Mappings, path), text);

    public void Dispose() => hub.Dispose();

    /// <summary>The running program.</summary>
    sealed class Watch : IDisposable
    {
        readonly Process process;

        public Watch(CommandLine hub) => process = hub.Start("map", "check", "--watch");

        /// <summary>What it says up to a line with a text.</summary>
        public async Task<string> Until(string text)
        {
            var said = new StringBuilder();
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
            {
                said.Append(line).Append('\n');
                if (line.Contains(text, StringComparison.Ordinal))
                    return said.ToString();
            }
            Assert.Fail($"It ended before '{text}': {said} {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
            return "";
        }

        /// <summary>Ctrl+C; the exit code.</summary>
        public async Task<int> Interrupt()
        {
            using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }
}
