using System.Collections.Concurrent;
using DistributorHub.Pages.Tests;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browsing))]

namespace DistributorHub.Pages.Tests;

/// <summary>A real browser, a hub that has read the sample files, and one that has nothing.</summary>
public sealed class Browsing : IAsyncLifetime
{
    const string Chromium = "/usr/bin/chromium";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    IPlaywright playwright = null!;
    IBrowser browser = null!;

    internal HubSite Samples { get; private set; } = null!;

    internal HubSite Empty { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("DISTRIBUTORHUB_TESTS_REQUIRE_SERVERS") is null, $"These tests need {Chromium}.");
            Assert.Fail($"These tests need {Chromium}: tests/run.sh installs it.");
        }
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"] });
        Samples = await HubSite.Start(samples: true);
        Empty = await HubSite.Start(samples: false);
        await Samples.Read();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (Samples is not null)
            await Samples.DisposeAsync();
        if (Empty is not null)
            await Empty.DisposeAsync();
    }

    /// <summary>Waits for something to become true.</summary>
    internal static async Task Until(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Within {Patience}, it did not come about that {what}.");
            }
    }

    /// <summary>A fresh browser window on a site.</summary>
    internal async Task<Window> Open(HubSite site, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = site.Address.ToString(),
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 900 },
        });
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return new(context, await context.NewPageAsync(), site.Address);
    }
}

/// <summary>A window that keeps what went wrong in it.</summary>
sealed class Window : IAsyncDisposable
{
    readonly IBrowserContext context;

    public Window(IBrowserContext context, IPage page, Uri address)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Dialog += (_, dialog) => Complaints.Add($"a script of the content ran: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal))
                Complaints.Add($"a request left the host: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts and of the security policy, and requests to other hosts.</summary>
    public ConcurrentBag<string> Complaints { get; } = [];

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
