using DistributorHub.Tests;
using DistributorHub.Worker.Tests.Fixtures;
using Npgsql;

namespace DistributorHub.Faults;

/// <summary>A protection that can be taken away, to see that the harness notices.</summary>
enum Break
{
    /// <summary>Loaded documents leave no key in hub_inbox.</summary>
    Inbox,

    /// <summary>An exchange that is taken over keeps its fencing number.</summary>
    Fence,

    /// <summary>A download is not compared with what the listing said.</summary>
    Size,
}

/// <summary>Takes protections away from outside: in the databases, or in a build of a patched copy of the source.</summary>
static class Breaks
{
    const string SizeCheck = "if (now != file || target.Length != file.Bytes)";

    static readonly string[] Copied = ["src", "mappings", "global.json", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt"];

    /// <summary>The program to run: the one that was built, or a patched one.</summary>
    public static async Task<string> Program(Break? broken, string program, CancellationToken cancellation)
    {
        if (broken != Break.Size)
            return program;
        var folder = Directory.CreateTempSubdirectory("distributorhub-broken-").FullName;
        foreach (var name in Copied)
            await Do("cp", ["-r", Repository.PathTo(name), folder], cancellation);
        var file = Path.Combine(folder, "src", "DistributorHub.Worker", "Receive", "Downloader.cs");
        var text = await File.ReadAllTextAsync(file, cancellation);
        if (!text.Contains(SizeCheck, StringComparison.Ordinal))
            throw new InvalidOperationException($"{file} has no '{SizeCheck}' any more.");
        await File.WriteAllTextAsync(file, text.Replace(SizeCheck, "if (now is null)", StringComparison.Ordinal), cancellation);
        await Do("dotnet", ["build", Path.Combine(folder, "src", "DistributorHub.Worker"), "-v", "q", "-p:RunAnalyzers=false", "-o", Path.Combine(folder, "out")], cancellation);
        return Path.Combine(folder, "out", "hub");
    }

    /// <summary>Breaks what is broken in the databases.</summary>
    public static async Task Apply(Break? broken, Lane lane, CancellationToken cancellation)
    {
        var (connection, sql) = broken switch
        {
            Break.Inbox => (lane.SellerConnection, """
                create function fault.forget() returns trigger language plpgsql as 'begin return null; end';
                create trigger zz_forget before insert on hub_inbox for each row execute function fault.forget()
                """),
            Break.Fence => (lane.HubConnection, """
                create function fault.keep() returns trigger language plpgsql as 'begin new.fence := old.fence; return new; end';
                create trigger zz_keep before update on hub.exchange for each row execute function fault.keep();
                create trigger zz_keep before update on hub.remote_file for each row execute function fault.keep()
                """),
            _ => (lane.HubConnection, "select 1"),
        };
        await using var open = new NpgsqlConnection(connection + ";Pooling=false");
        await open.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, open);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    static async Task Do(string program, string[] arguments, CancellationToken cancellation)
    {
        var (code, said, errors) = await Machine.Run(program, arguments, cancellation);
        if (code != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {said}{errors}");
    }
}
