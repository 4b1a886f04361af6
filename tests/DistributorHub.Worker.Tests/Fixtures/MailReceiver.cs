using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DistributorHub.Tests;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace DistributorHub.Worker.Tests.Fixtures;

/// <summary>A mail server that turns to TLS, asks for a sign-in, and keeps what it is given.</summary>
sealed class MailReceiver : MessageStore, IAsyncDisposable
{
    public const string User = "hub", Password = "a password";

    readonly ConcurrentQueue<MimeMessage> messages = new();
    readonly CancellationTokenSource stop = new();
    readonly X509Certificate2 certificate;
    Task running = Task.CompletedTask;

    MailReceiver(int port, X509Certificate2 certificate) => (Port, this.certificate) = (port, certificate);

    public int Port { get; }

    /// <summary>SHA-256 of its certificate, which no authority has signed.</summary>
    public string Fingerprint => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>What came, the first first.</summary>
    public IReadOnlyList<MimeMessage> Messages => [.. messages];

    public static MailReceiver Start()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        // The key of a certificate that was just made cannot serve TLS on every platform.
        var own = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        var receiver = new MailReceiver(Ports.Free(), own);
        var services = new ServiceProvider();
        services.Add((IMessageStore)receiver);
        services.Add((IUserAuthenticator)new DelegatingUserAuthenticator((user, password) => user == User && password == Password));
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint => endpoint
            .Endpoint(new IPEndPoint(IPAddress.Loopback, receiver.Port)).AllowUnsecureAuthentication(false).AuthenticationRequired(true).Certificate(own)).Build();
        receiver.running = new SmtpServer.SmtpServer(options, services).StartAsync(receiver.stop.Token);
        return receiver;
    }

    public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream(buffer.ToArray());
        messages.Enqueue(MimeMessage.Load(text, cancellationToken));
        return Task.FromResult(SmtpResponse.Ok);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        certificate.Dispose();
        stop.Dispose();
        foreach (var message in messages)
            message.Dispose();
    }
}
