using System.Diagnostics;
using DistributorHub.Tests;
using Npgsql;

namespace DistributorHub.Worker.Tests.Fixtures;

/// <summary>One PostgreSQL server with its own data folder and port.</summary>
sealed class PostgresServer : IAsyncDisposable
{
    readonly string programs, folder, settings;
    readonly int port;

    PostgresServer(string programs, string folder, int port, bool durable, string[] more)
    {
        (this.programs, this.folder, this.port) = (programs, folder, port);
        settings = $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
            + (durable ? "" : " -c fsync=off -c synchronous_commit=off -c full_page_writes=off") + string.Concat(more.Select(setting => $" -c {setting}"));
    }

    public int Port => port;

    /// <summary>Id of the server's first process.</summary>
    public int Id => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First());

    /// <summary>Folder of the newest server programs, or null. Debian keeps them off the PATH.</summary>
    public static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        if (!Directory.Exists(Debian))
            return null;
        return Directory.GetDirectories(Debian)
            .Where(d => File.Exists(Path.Combine(d, "bin", "initdb")) && int.TryParse(Path.GetFileName(d), out _))
            .MaxBy(d => int.Parse(Path.GetFileName(d))) is { } newest ? Path.Combine(newest, "bin") : null;
    }

    /// <param name="programs">Folder of the server's programs.</param>
    /// <param name="durable">True for the standard settings, with which a commit survives a loss of power.</param>
    /// <param name="more">More settings, as <c>name=value</c>.</param>
    public static async Task<PostgresServer> Start(string programs, bool durable, params string[] more)
    {
        var server = new PostgresServer(programs, Directory.CreateTempSubdirectory("distributorhub-postgres-").FullName, Ports.Free(), durable, more);
        try
        {
            // The server refuses to run as root, so its folder goes to the package's user.
            if (Environment.IsPrivilegedProcess)
                await Run("chown", ["postgres", server.folder]);
            await server.RunAsServer("initdb", ["-D", server.Data, "-A", "trust", "-U", "hub", "-E", "UTF8", "--no-sync"]);
            await server.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server again after <see cref="Stop"/>, with the same data.</summary>
    public Task Start() => RunAsServer("pg_ctl", ["-D", Data, "-w", "-l", Path.Combine(folder, "log"), "-o", settings, "start"]);

    /// <summary>The server is gone at once, as when its machine is.</summary>
    public Task Stop() => RunAsServer("pg_ctl", ["-D", Data, "-m", "immediate", "stop"]);

    string Data => Path.Combine(folder, "data");

    /// <summary>Ends it as a loss of power does, and starts it again: it recovers what was committed from its log.</summary>
    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    /// <summary>Copies a database into an empty one, as a backup and its restore do, while it is in use.</summary>
    public Task Copy(string from, string to) =>
        Run("sh", ["-c", "set -e; \"$1/pg_dump\" -h 127.0.0.1 -p \"$2\" -U hub \"$3\" | \"$1/psql\" -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p \"$2\" -U hub \"$4\"", "sh", programs, $"{port}", from, to]);

    public async Task<string> NewDatabase(CancellationToken cancellation)
    {
        var name = $"t{Guid.NewGuid():N}";
        // No pooling here: an idle connection to the maintenance database is of no use to a test.
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await Stop();
        Directory.Delete(folder, recursive: true);
    }

    string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username=hub;Database={database}";

    Task RunAsServer(string program, string[] arguments)
    {
        var path = Path.Combine(programs, program);
        return Environment.IsPrivilegedProcess
            ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", "--", path, .. arguments])
            : Run(path, arguments);
    }

    static async Task Run(string program, string[] arguments)
    {
        // A file, not a pipe: the server inherits the output and would hold a pipe open for ever.
        var log = Path.GetTempFileName();
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", log, program, .. arguments]) { WorkingDirectory = "/" };
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' does not start.");
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await File.ReadAllTextAsync(log)}");
        }
        finally
        {
            File.Delete(log);
        }
    }
}
