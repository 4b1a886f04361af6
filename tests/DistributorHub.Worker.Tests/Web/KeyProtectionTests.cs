using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using DistributorHub.Worker.Access;

namespace DistributorHub.Worker.Tests.Web;

public sealed class KeyProtectionTests : IDisposable
{
    readonly string file = Path.GetTempFileName();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_are_in_the_hub_database_and_encrypted_there_when_a_certificate_is_set(bool encrypted)
    {
        using (var key = RSA.Create(2048))
        using (var certificate = new CertificateRequest("CN=hub", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddYears(1)))
            await File.WriteAllTextAsync(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n", Cancellation);
        await using var hub = await WebHub.Start(access => access with { KeyCertificate = encrypted ? $"file:{file}" : null });
        using var browser = await hub.SignedIn(Role.Viewer);
        Assert.Equal(HttpStatusCode.OK, await browser.Status("/hangfire"));
        await using var connection = await hub.Hub.Database.Open(Cancellation);
        var xml = Assert.Single(await connection.QueryAsync<string>("select xml from protection_key"));
        Assert.Equal(encrypted, xml.Contains("EncryptedData", StringComparison.Ordinal));
        Assert.Equal(!encrypted, xml.Contains("masterKey", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(hub.Hub.Settings.Data, "keys")));
    }

    [Fact]
    public async Task A_certificate_that_is_none_stops_the_start_with_a_sentence()
    {
        await File.WriteAllTextAsync(file, "nothing of the kind", Cancellation);
        var failure = await Assert.ThrowsAsync<SettingsException>(() => WebHub.Start(access => access with { KeyCertificate = $"file:{file}" }));
        Assert.Contains("Hub:Access:KeyCertificate", failure.Message);
        Assert.DoesNotContain("nothing of the kind", failure.Message);
    }

    public void Dispose() => File.Delete(file);
}
