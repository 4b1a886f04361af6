using System.CommandLine;
using System.CommandLine.Parsing;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Web;
using Microsoft.Extensions.Logging.Console;

namespace DistributorHub.Worker.Cli;

/// <summary>What a verb's exit code says.</summary>
static class ExitCode
{
    public const int Fine = 0;

    /// <summary>Findings in a file, a map with mistakes, an exchange that failed or is held.</summary>
    public const int Findings = 1;

    public const int WrongUsage = 2;

    /// <summary>Database, network or disk.</summary>
    public const int BrokenWorld = 3;
}

/// <summary>The verbs of <c>hub</c>. No verb means <c>run</c>.</summary>
static class Commands
{
    public static async Task<int> Invoke(string[] arguments, StopSignals signals)
    {
        var run = Run();
        var root = new RootCommand("DistributorHub: distributors' EDI files into the seller's database. Without a verb, the service runs.")
        {
            run,
            ParseCommand.Create(),
            AckCommand.Create(),
            DefinitionCommands.Create(),
            MapCommands.Create(),
            PartnerCommands.Create(),
            ExchangeCommands.Create(),
            SentCommands.Create(),
            HoldCommands.Create(),
            CatalogueCommands.Create(),
            VerifyCommand.Create(),
            PrivacyCommands.Create(),
            TargetCommands.Create(),
            SchemaCommand.Create(),
            AlertCommands.Create(),
            HealthCommand.Create(),
            Migrate(),
            UserCommands.Create(),
            TokenCommands.Create(),
        };
        root.SetAction((_, cancellation) => RunService(cancellation));
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            var verbs = string.Concat(Path(parsed.CommandResult).Select(name => $" {name}"));
            await Console.Error.WriteLineAsync($"'hub{verbs} --help' shows what there is.");
            return ExitCode.WrongUsage;
        }
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return await parsed.InvokeAsync(invocation, signals.Stop);
    }

    /// <summary>The verbs that were recognised, the outermost first.</summary>
    static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? [.. Path(parent), result.Command.Name] : [];

    /// <summary>Settings as every verb reads them; a wrong one ends it with a sentence.</summary>
    public static HubSettings Settings() => HubSettings.Read(HubHost.Configuration());

    static Command Run()
    {
        var once = Inputs.Flag("--once", "Poll, process everything, print a summary and end; exit code 1 when something failed, is held or was left undone.");
        var partner = Inputs.PartnerOption("With --once: only this partner.", samples: false);
        var command = new Command("run", "Runs the service.") { once, partner };
        command.SetAction(async (parsed, cancellation) =>
            parsed.GetValue(once) ? await HubHost.Once(Settings(), parsed.GetValue(partner), cancellation) ? ExitCode.Fine : ExitCode.Findings
            : parsed.GetValue(partner) is not null ? Refuse("--partner goes with --once.")
            : await RunService(cancellation));
        return command;
    }

    static async Task<int> RunService(CancellationToken cancellation)
    {
        try
        {
            await HubHost.Run(Settings(), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // A service that is stopped while it starts has not failed.
        }
        return ExitCode.Fine;
    }

    static Command Migrate()
    {
        var command = new Command("migrate", "Brings the hub database to this program's schema.");
        command.SetAction(async (_, cancellation) =>
        {
            var settings = Settings();
            settings.MakeData();
            using var database = Hub.OpenLedger(settings);
            var applied = await Ledger.Migrations.Apply(database, cancellation);
            Console.WriteLine(applied.Count == 0 ? "The hub database is up to date." : $"Applied {string.Join(", ", applied)}.");
            return ExitCode.Fine;
        });
        return command;
    }

    /// <summary>Says why a verb cannot do what it was asked for; the exit code.</summary>
    public static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return ExitCode.WrongUsage;
    }

    /// <summary>True when the partner a file is to be tried as has mistakes in its own file; they are told.</summary>
    public static bool IsBroken(HubSettings settings, string? partner)
    {
        if (partner is null || PartnerBook.Load(settings.Mappings, samples: true) is not { } book || !book.Broken.Contains(partner))
            return false;
        foreach (var diagnostic in book.Diagnostics.Where(diagnostic => diagnostic.File == PartnerBook.NameOf(partner)))
            Console.Error.WriteLine(diagnostic);
        Console.Error.WriteLine(Paused(partner));
        return true;
    }

    /// <summary>Exit code when a received file cannot be tried as its partner's, which is told; null when it can. One who is gone has taken the settings along.</summary>
    public static int? CannotTry(HubSettings settings, string partner) =>
        Inputs.NoPartner(partner, settings, samples: true) is { } none ? Refuse(none) : IsBroken(settings, partner) ? ExitCode.Findings : null;

    public static string Paused(string partner) => $"{partner} is paused until its partner.yaml is mended: nothing was tried.";

    public static string Mistakes(string partner) => $"The files of partner {partner} have mistakes ('hub map check' lists them).";

    /// <summary>True when a run that a person asks for could only fail, and would write over why it failed before; says so.</summary>
    public static bool CannotRun(Hub hub, string partner)
    {
        var why = hub.WhyNotRun(partner);
        if (why is not null)
            Console.Error.WriteLine(Flow.PartnerRefusals.Mistakes(why));
        return why is not null;
    }

    /// <summary>Opens the hub for a verb: warnings and worse go to the standard error stream, so that output stays clean for scripts.</summary>
    public static async Task<T> WithHub<T>(Func<Hub, Task<T>> use, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Error)
            .AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>()
            .AddConsole(console => (console.FormatterName, console.LogToStandardErrorThreshold) = (PlainConsole.Format, LogLevel.Trace)));
        await using var hub = await Hub.Open(Settings(), TimeProvider.System, logs, cancellation);
        return await use(hub);
    }
}
