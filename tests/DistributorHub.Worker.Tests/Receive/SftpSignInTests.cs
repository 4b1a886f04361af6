using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;
using DistributorHub.Worker.Tests.Fixtures;

namespace DistributorHub.Worker.Tests.Receive;

/// <summary>Who is let in, and whom we believe to be the server.</summary>
public sealed class SftpSignInTests : IAsyncLifetime
{
    SshdFixture server = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await SshdFixture.Start(Cancellation, kinds: ["ed25519", "ecdsa", "rsa"]);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    async Task Connects(Func<SourceDefinition, SourceDefinition> change)
    {
        await using var source = await Open(change(server.Partner().Source));
        Assert.Empty(await source.List(Cancellation));
    }

    async Task<SourceException> Fails(SourceFault fault, Func<SourceDefinition, SourceDefinition> change)
    {
        var failure = await Assert.ThrowsAsync<SourceException>(() => Open(change(server.Partner().Source)));
        Assert.True(fault == failure.Fault, $"{failure.Fault}: {failure}");
        return failure;
    }

    Task<IFileSource> Open(SourceDefinition source) =>
        new FileSources("/", TimeProvider.System).Open(server.Partner() with { Source = source }, Cancellation);

    string KnownHosts(params string[] lines)
    {
        var path = server.FileInHome("known_hosts");
        File.WriteAllLines(path, lines);
        return path;
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public Task A_pin_of_any_of_the_servers_keys_is_enough(string kind) =>
        Connects(source => source with { HostKeys = [server.Fingerprint(kind)] });

    [Fact]
    public async Task A_server_with_another_key_is_not_spoken_to_and_its_key_is_shown()
    {
        var stranger = await Fails(SourceFault.HostKeyMismatch, source => source with { HostKeys = ["SHA256:" + new string('A', 43)] });
        Assert.Contains(server.Fingerprint("ed25519"), stranger.Message);
        Assert.Contains("SHA256:AAAA", stranger.Message);
    }

    [Fact]
    public Task Without_any_pin_no_server_is_trusted() =>
        Fails(SourceFault.HostKeyMismatch, source => source with { HostKeys = [] });

    [Fact]
    public Task The_insecure_setting_trusts_any_server() =>
        Connects(source => source with { HostKeys = [], InsecureAcceptAnyHostKey = true });

    [Fact]
    public Task A_known_host_is_trusted() =>
        Connects(source => source with { HostKeys = [], KnownHosts = KnownHosts("# ours", server.KnownHost("rsa")) });

    [Fact]
    public async Task A_known_host_with_a_hashed_name_is_trusted()
    {
        var path = KnownHosts(server.KnownHost("ecdsa"));
        await Machine.Run("ssh-keygen", ["-H", "-f", path], Cancellation);
        Assert.StartsWith("|1|", await File.ReadAllTextAsync(path, Cancellation));
        await Connects(source => source with { HostKeys = [], KnownHosts = path });
    }

    [Fact]
    public Task A_known_host_on_another_port_is_another_host() => Fails(SourceFault.HostKeyMismatch, source => source with
    {
        HostKeys = [],
        KnownHosts = KnownHosts(server.KnownHost("ed25519").Replace($"[127.0.0.1]:{server.Port}", "127.0.0.1")),
    });

    [Fact]
    public Task A_revoked_key_is_refused_even_if_it_is_pinned() => Fails(SourceFault.HostKeyMismatch, source => source with
    {
        KnownHosts = KnownHosts("@revoked " + server.KnownHost("ed25519")),
    });

    [Fact]
    public Task A_missing_known_hosts_file_trusts_no_one() => Fails(SourceFault.HostKeyMismatch, source => source with
    {
        HostKeys = [],
        KnownHosts = server.FileInHome("nothing"),
    });

    [Fact]
    public async Task An_encrypted_key_needs_its_passphrase()
    {
        var passphrase = server.FileInHome("passphrase");
        await File.WriteAllTextAsync(passphrase, SshdFixture.Passphrase + "\n", Cancellation);
        await Connects(source => source with { PrivateKey = "file:" + server.EncryptedKeyFile, Passphrase = "file:" + passphrase });
        var missing = await Fails(SourceFault.SignInRefused, source => source with { PrivateKey = "file:" + server.EncryptedKeyFile });
        Assert.Contains("passphrase", missing.Message);
        await File.WriteAllTextAsync(passphrase, "wrong", Cancellation);
        await Fails(SourceFault.SignInRefused, source => source with
        {
            PrivateKey = "file:" + server.EncryptedKeyFile,
            Passphrase = "file:" + passphrase,
        });
    }

    [Fact]
    public Task A_key_the_server_does_not_know_is_refused() =>
        Fails(SourceFault.SignInRefused, source => source with { PrivateKey = "file:" + server.StrangerKeyFile });

    [Fact]
    public async Task A_key_that_is_missing_stops_the_sign_in_and_names_its_place()
    {
        var failure = await Fails(SourceFault.SignInRefused, source => source with { PrivateKey = "file:/nowhere/key" });
        Assert.Contains("/nowhere/key", failure.Message);
    }

    [Fact]
    public async Task A_password_lets_in_and_a_wrong_one_does_not()
    {
        await using var open = await SshdFixture.Start(Cancellation, password: true);
        var file = open.FileInHome("password");
        var partner = open.Partner() with { Source = open.Partner().Source with { PrivateKey = null, Password = "file:" + file } };
        await File.WriteAllTextAsync(file, SshdFixture.Password, Cancellation);
        await using var source = await new FileSources("/", TimeProvider.System).Open(partner, Cancellation);
        Assert.Empty(await source.List(Cancellation));
        await File.WriteAllTextAsync(file, "wrong", Cancellation);
        var failure = await Assert.ThrowsAsync<SourceException>(() => new FileSources("/", TimeProvider.System).Open(partner, Cancellation));
        Assert.Equal(SourceFault.SignInRefused, failure.Fault);
        Assert.DoesNotContain("wrong", failure.Message);
    }
}
