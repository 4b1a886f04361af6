using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Tests;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Tests.Fixtures;

/// <summary>
/// A private OpenSSH server on a free port of the loopback address, with a folder of its own, for the account the tests run as.
/// Nothing of the machine is changed. Without sshd the test is skipped, or fails when the script has promised the servers.
/// </summary>
sealed class SshdFixture : IAsyncDisposable
{
    public const string Passphrase = "correct horse";
    public const string Password = "battery staple";
    const string Daemon = "/usr/sbin/sshd";

    readonly string home;
    Process? daemon;
    int refused;

    SshdFixture(string home) => this.home = home;

    /// <summary>The folder a session starts in.</summary>
    public string Folder => Path.Combine(home, "data");

    public int Port { get; private set; }

    /// <summary>Id of the server's process.</summary>
    public int Id => daemon!.Id;

    /// <summary>Connections that ended in the middle of a sign-in, as its log says.</summary>
    public int RefusedSignIns => Volatile.Read(ref refused);

    public string KeyFile => Path.Combine(home, "user");

    public string EncryptedKeyFile => Path.Combine(home, "encrypted");

    /// <summary>A key the server does not know.</summary>
    public string StrangerKeyFile => Path.Combine(home, "stranger");

    public string FileInHome(string name) => Path.Combine(home, name);

    /// <summary>Starts a server.</summary>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="kinds">Kinds of host keys it has.</param>
    /// <param name="sftp">Arguments of internal-sftp.</param>
    /// <param name="password">True to let <see cref="Password"/> in, too; needs root.</param>
    public static async Task<SshdFixture> Start(
        CancellationToken cancellation, string[]? kinds = null, string sftp = "", bool password = false)
    {
        Machine.Needs(File.Exists(Daemon), "OpenSSH's server is not installed (Debian: openssh-server).");
        Assert.SkipUnless(!password || Environment.UserName == "root", "Passwords can be tested as root only.");
        var server = new SshdFixture(Directory.CreateTempSubdirectory("hub-sshd-").FullName);
        try
        {
            await server.Prepare(kinds ?? ["ed25519"], password, cancellation);
            await server.Listen(kinds ?? ["ed25519"], sftp, password, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A partner with its files in <c>out</c> on this server.</summary>
    public PartnerDefinition Partner() => new()
    {
        Id = "sshd",
        Name = "A partner on the private server",
        Identities = [new(Standard.Edifact, "SSHD", "ZZZ")],
        Routes = [],
        Source = new()
        {
            Kind = SourceKind.Sftp,
            Path = "out",
            Settle = TimeSpan.Zero,
            Host = "127.0.0.1",
            Port = Port,
            User = Environment.UserName,
            PrivateKey = "file:" + KeyFile,
            HostKeys = [Fingerprint("ed25519")],
        },
    };

    public string Fingerprint(string kind)
    {
        var key = Convert.FromBase64String(PublicKey(kind).Split(' ')[1]);
        return "SHA256:" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(key)).TrimEnd('=');
    }

    /// <summary>A line of known_hosts.</summary>
    public string KnownHost(string kind) => $"[127.0.0.1]:{Port} {PublicKey(kind)}";

    /// <summary>Stops every process of the server without ending one, as a machine does whose disk hangs.</summary>
    public Task Freeze(CancellationToken cancellation) => Signal("-STOP", Processes(), cancellation);

    public Task Thaw(CancellationToken cancellation) => Signal("-CONT", Processes(), cancellation);

    /// <summary>Processes of the open sessions.</summary>
    public IReadOnlyList<int> Sessions => [.. Processes().Where(id => id != daemon!.Id).Order()];

    /// <summary>Ends the open sessions; the server goes on.</summary>
    public Task KillSessions(CancellationToken cancellation) => Signal("-KILL", Sessions, cancellation);

    /// <summary>Ends the server and its sessions; its keys stay.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        if (daemon is not { HasExited: false })
            return;
        await Signal("-KILL", Processes(), cancellation);
        await daemon.WaitForExitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop(CancellationToken.None);
        daemon?.Dispose();
        Directory.Delete(home, recursive: true);
    }

    string PublicKey(string kind) => File.ReadAllText(Path.Combine(home, kind + ".pub"));

    async Task Prepare(string[] kinds, bool password, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "out"));
        foreach (var kind in kinds)
            await Run("ssh-keygen", ["-q", "-t", kind, "-N", "", "-f", Path.Combine(home, kind)], cancellation);
        await Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", KeyFile], cancellation);
        await Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", StrangerKeyFile], cancellation);
        await Run("ssh-keygen", ["-q", "-t", "ed25519", "-a", "4", "-N", Passphrase, "-f", EncryptedKeyFile], cancellation);
        await File.WriteAllLinesAsync(
            FileInHome("authorized"), [File.ReadAllText(KeyFile + ".pub"), File.ReadAllText(EncryptedKeyFile + ".pub")], cancellation);
        // sshd drops its privileges into this folder and wants it there.
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        if (password)
            await File.WriteAllTextAsync(FileInHome("shadow"), $"root:{await Hash(cancellation)}:19000:0:99999:7:::\n", cancellation);
    }

    static async Task<string> Hash(CancellationToken cancellation) =>
        (await Run("perl", ["-e", "print crypt($ARGV[0], q($6$hubhubhub$))", Password], cancellation)).Trim();

    async Task Listen(string[] kinds, string sftp, bool password, CancellationToken cancellation)
    {
        var configuration = FileInHome("sshd_config");
        for (var attempt = 1; ; attempt++)
        {
            Port = Ports.Free();
            var lines = new List<string>
            {
                $"Port {Port}", "ListenAddress 127.0.0.1", "PidFile none", $"AuthorizedKeysFile {FileInHome("authorized")}",
                "StrictModes no", "UsePAM no", "MaxStartups 100", "PermitRootLogin yes", $"PasswordAuthentication {(password ? "yes" : "no")}",
                "Subsystem sftp internal-sftp", $"ForceCommand internal-sftp -d {Folder} {sftp}",
            };
            lines.AddRange(kinds.Select(kind => $"HostKey {Path.Combine(home, kind)}"));
            await File.WriteAllLinesAsync(configuration, [.. lines, "PerSourcePenalties no"], cancellation);
            // Newer servers slow an address down that fails to sign in, which tests do on purpose; older ones do not know the word.
            if (!await Accepts(configuration, cancellation))
                await File.WriteAllLinesAsync(configuration, lines, cancellation);
            daemon = Start(configuration, password);
            if (await Answers(cancellation))
                return;
            var said = await daemon.StandardError.ReadToEndAsync(cancellation);
            daemon.Dispose();
            daemon = null;
            // Someone else may have taken the port between asking for it and using it.
            Assert.True(attempt < 3, $"sshd does not start: {said}");
        }
    }

    // The private shadow file is laid over the machine's in a mount namespace that ends with the server.
    Process Start(string configuration, bool password)
    {
        var start = password
            ? new ProcessStartInfo("unshare", ["-m", "sh", "-c", $"mount --bind '{FileInHome("shadow")}' /etc/shadow && exec {Daemon} -D -e -f '{configuration}'"])
            : new ProcessStartInfo(Daemon, ["-D", "-e", "-f", configuration]);
        start.UseShellExecute = false;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    static async Task<bool> Accepts(string configuration, CancellationToken cancellation) =>
        (await Machine.Run(Daemon, ["-t", "-f", configuration], cancellation)).Code == 0;

    async Task<bool> Answers(CancellationToken cancellation)
    {
        while (!daemon!.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, cancellation);
                var greeting = new byte[4];
                await client.GetStream().ReadExactlyAsync(greeting, cancellation);
                if (Encoding.ASCII.GetString(greeting) == "SSH-")
                {
                    // A full pipe would stop it.
                    _ = Listen(daemon.StandardError);
                    return true;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                await Task.Delay(20, cancellation);
            }
        }
        return false;
    }

    async Task Listen(StreamReader log)
    {
        while (await log.ReadLineAsync(CancellationToken.None) is { } line)
            if (line.Contains("by authenticating user", StringComparison.Ordinal))
                Interlocked.Increment(ref refused);
    }

    /// <summary>The server and all that descend from it; only these are ever signalled.</summary>
    List<int> Processes()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var id) && ParentOf(folder) is { } parent)
                parents[id] = parent;
        var family = new List<int> { daemon!.Id };
        for (var i = 0; i < family.Count; i++)
            family.AddRange(parents.Where(pair => pair.Value == family[i]).Select(pair => pair.Key));
        return family;
    }

    static int? ParentOf(string folder)
    {
        try
        {
            // proc(5): the name stands in parentheses and may hold anything; state and parent follow it.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    // A process may end between being listed and being signalled, which is as good.
    static async Task Signal(string signal, IEnumerable<int> processes, CancellationToken cancellation) =>
        await Machine.Run("kill", [signal, .. processes.Select(id => $"{id}")], cancellation);

    static async Task<string> Run(string program, string[] arguments, CancellationToken cancellation)
    {
        var (code, output, errors) = await Machine.Run(program, arguments, cancellation);
        Assert.True(code == 0, $"{program} ended with {code}: {errors}");
        return output;
    }
}
