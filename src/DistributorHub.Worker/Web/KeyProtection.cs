using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Partners;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace DistributorHub.Worker.Web;

/// <summary>Where the keys of cookies and forms are, and what protects them there.</summary>
static class KeyProtection
{
    // Sessions and forms of one hub are nothing to another on the same machine.
    const string Name = "DistributorHub";

    public static void Add(IServiceCollection services, Hub hub)
    {
        var protection = services.AddDataProtection().SetApplicationName(Name);
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new ProtectionKeys(hub.Database, hub.Clock));
        if (hub.Settings.Access.KeyCertificate is not { } reference)
            return;
        var certificate = Certificate(reference);
        protection.ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate(certificate);
    }

    static X509Certificate2 Certificate(string reference)
    {
        try
        {
            var pem = Secrets.Resolve(reference);
            return X509Certificate2.CreateFromPem(pem, pem);
        }
        catch (Exception e) when (e is SecretException or CryptographicException)
        {
            throw new SettingsException($"Hub:Access:{nameof(AccessSettings.KeyCertificate)}: {e.Message} It refers to a PEM text with an RSA certificate and its key.");
        }
    }
}
