using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using DistributorHub.Worker.Partners;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Polly;
using Polly.Retry;

namespace DistributorHub.Worker.Alerts;

/// <summary>A message about alerts that could not be sent, and why.</summary>
sealed class ChannelException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The ways by which people are told: a webhook and a mail of the installation, and a mail to a partner's contacts.</summary>
/// <param name="settings">The installation's channels.</param>
/// <param name="contacts">Contacts of a partner; null when there is no such partner.</param>
sealed class AlertChannels(AlertSettings settings, Func<string, Contacts?> contacts)
{
    public const string Webhook = "webhook", Mail = "mail", Partner = "contacts";

    // A moment's failure is not left to the outbox, whose waits grow.
    const int Retries = 2;
    static readonly TimeSpan patience = TimeSpan.FromSeconds(15);

    // A receiver that passes us on to another address is not the one that was agreed.
    static readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = patience };

    static readonly ResiliencePipeline again = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Retries,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(IsPassing).Handle<SocketException>().Handle<SmtpProtocolException>().Handle<TimeoutException>(),
        })
        .Build();

    /// <summary>The channels that a message about a partner goes to.</summary>
    public IReadOnlyList<string> For(string partner, AlertLevel level)
    {
        var channels = new List<string>();
        if (settings.Webhook is not null)
            channels.Add(Webhook);
        if (settings.Mail is { To.Count: > 0 })
            channels.Add(Mail);
        if (settings.Mail is not null && contacts(partner) is { Mail.Count: > 0 } people && level >= people.Level)
            channels.Add(Partner);
        return channels;
    }

    /// <summary>Sends a message; <see cref="ChannelException"/> says in a sentence why it could not. A channel that is no longer set has nobody to tell.</summary>
    public async Task Send(string channel, string partner, byte[] content, CancellationToken cancellation)
    {
        try
        {
            await again.ExecuteAsync(async token => await (channel switch
            {
                Webhook when settings.Webhook is { } webhook => Post(webhook, content, token),
                Mail when settings.Mail is { To.Count: > 0 } mail => Write(mail, mail.To, channel, content, token),
                Partner when settings.Mail is { } mail && contacts(partner) is { Mail.Count: > 0 } people => Write(mail, people.Mail, channel, content, token),
                _ => Task.CompletedTask,
            }), cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or ProtocolException or CommandException or ServiceNotConnectedException
            or ServiceNotAuthenticatedException or AuthenticationException or SslHandshakeException or TimeoutException or NotSupportedException or SecretException
            || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new ChannelException(Reason(e), e);
        }
    }

    static string Reason(Exception e) => e switch
    {
        HttpRequestException { StatusCode: { } status } => $"The webhook answered {(int)status}.",
        OperationCanceledException => $"There was no answer for {patience.TotalSeconds:0} s.",
        SslHandshakeException => "The mail server's certificate is not trusted: an authority of this machine must have signed it, or Hub:Alerts:Mail:Fingerprint must be its SHA-256.",
        NotSupportedException => "The mail server does not offer STARTTLS. Set Hub:Alerts:Mail:Security to Tls, or to None for a server on this machine.",
        AuthenticationException => "The mail server refuses our sign-in.",
        _ => e.GetBaseException().Message,
    };

    static bool IsPassing(HttpRequestException e) =>
        e.StatusCode is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    static async Task Post(WebhookSettings webhook, byte[] content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("X-Hub-Delivery", Digest.FromJson(content).Id);
        if (webhook.Secret is { } secret)
            request.Headers.Add("X-Hub-Signature", Sign(content, Secrets.Resolve(secret), TimeProvider.System.GetUtcNow()));
        using var answer = await http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException(null, null, answer.StatusCode);
    }

    /// <summary>The signature: <c>t=SECONDS,v1=HEX</c>, the HMAC-SHA-256 of the seconds, a full stop and the body. The time keeps an old message from being played again.</summary>
    public static string Sign(byte[] content, string key, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. content];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed))}";
    }

    static async Task Write(MailSettings mail, IReadOnlyList<string> to, string channel, byte[] content, CancellationToken cancellation)
    {
        var digest = Digest.FromJson(content);
        var from = MailboxAddress.Parse(mail.From);
        using var message = new MimeMessage
        {
            // Sent again after a crash it has the same id, by which mailboxes know it.
            MessageId = $"{digest.Id}.{channel}@{from.Domain}",
            Date = digest.At,
            Subject = AlertText.Subject(digest),
            Body = new TextPart("plain") { Text = AlertText.Body(digest) },
        };
        message.From.Add(from);
        message.To.AddRange(to.Select(MailboxAddress.Parse));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        if (digest.Level == AlertLevel.Page)
            message.Priority = MessagePriority.Urgent;
        using var client = new SmtpClient { Timeout = (int)patience.TotalMilliseconds };
        if (mail.Fingerprint is { } fingerprint)
            client.ServerCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && string.Equals(certificate.GetCertHashString(HashAlgorithmName.SHA256), fingerprint, StringComparison.OrdinalIgnoreCase);
        await client.ConnectAsync(mail.Host, mail.Port, mail.Security switch
        {
            MailSecurity.StartTls => SecureSocketOptions.StartTls,
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.None,
        }, cancellation);
        if (mail.User is { } user)
            await client.AuthenticateAsync(user, Secrets.Resolve(mail.Password!), cancellation);
        await client.SendAsync(message, cancellation);
        await client.DisconnectAsync(quit: true, cancellation);
    }
}
