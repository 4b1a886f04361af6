using System.CommandLine;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub exchange fixture</c>: a received file, with other names and numbers in it, as a golden test of its partner.</summary>
static class FixtureCommand
{
    public static Command Create()
    {
        var id = Inputs.Exchange();
        var name = Inputs.TestName("--name", "Name of the test; none = exchange-<id>.");
        var command = new Command("fixture", "Makes a golden test of a received file: names, addresses, prices and numbers replaced, with the same findings at the same segments and as many rows. Overwrites nothing.") { id, name };
        command.SetAction((parsed, cancellation) => Commands.WithHub(async hub =>
        {
            if (await hub.Queries.Show(parsed.GetValue(id), cancellation) is not { } details)
                return ExchangeCommands.NoSuchExchange(parsed.GetValue(id));
            var exchange = details.Exchange;
            if (Commands.CannotTry(hub.Settings, exchange.Partner) is { } code)
                return code;
            if (exchange.Bytes > MaskedExchange.BytesMax)
                return Commands.Refuse($"Exchange #{exchange.Id} has {exchange.Bytes} bytes, and a golden test is a small file: at most {MaskedExchange.BytesMax}. Keep a few lines of each kind of it as one.");
            var isX12 = details.Interchanges.Any(interchange => interchange.Standard == nameof(Standard.X12));
            var masked = new MaskedExchange(hub.Settings, exchange.Partner, parsed.GetValue(name) ?? $"exchange-{exchange.Id}", isX12 ? "x12" : "edi");
            if (masked.Taken is { } taken)
                return Commands.Refuse($"{taken} is there already, and nothing is overwritten: choose another name with --name.");
            await using var archived = await hub.Archive.Open(exchange.Sha256, cancellation);
            using var bytes = new MemoryStream();
            await archived.CopyToAsync(bytes, cancellation);
            return await masked.Write(bytes.ToArray(), $"# Exchange {exchange.Id} with other names and numbers: {exchange.State}.", cancellation) ? ExitCode.Fine : ExitCode.Findings;
        }, cancellation));
        return command;
    }
}
