using DistributorHub.Tests;
using Microsoft.Extensions.Configuration;

namespace DistributorHub.Worker.Tests.Alerts;

/// <summary>Settings of alerts and measures: a wrong one stops the start with a sentence, and no secret is repeated.</summary>
public sealed class SignalSettingsTests
{
    [Fact]
    public void What_is_not_set_has_its_default_and_tells_nobody()
    {
        var settings = Read();
        Assert.Equal((TimeSpan.FromMinutes(10), null, null), (settings.Alerts.Window, settings.Alerts.Mail, settings.Alerts.Webhook));
        Assert.False(settings.MetricsPublic);
        Assert.Null(settings.MetricsToken);
    }

    [Fact]
    public void What_is_set_is_read()
    {
        var settings = Read(
            ("PublicAddress", "https://hub.example/"), ("Alerts:Window", "2m"), ("Alerts:Mail:Host", "mail.example"), ("Alerts:Mail:From", "hub@shop.example"),
            ("Alerts:Mail:To", "a@shop.example, b@shop.example"), ("Alerts:Mail:Security", "tls"), ("Alerts:Mail:User", "hub"), ("Alerts:Mail:Password", "env:P"),
            ("Alerts:Webhook:Url", "https://alerts.example/hub"), ("Metrics:Token", "file:token"), ("Health:SpaceLeast", "1 GB"));
        Assert.Equal(new Uri("https://hub.example/"), settings.PublicAddress);
        Assert.Equal(TimeSpan.FromMinutes(2), settings.Alerts.Window);
        Assert.Equal((465, MailSecurity.Tls, 2), (settings.Alerts.Mail!.Port, settings.Alerts.Mail.Security, settings.Alerts.Mail.To.Count));
        Assert.Null(settings.Alerts.Webhook!.Secret);
        Assert.Equal(1L << 30, settings.SpaceLeast);
    }

    [Theory]
    [InlineData("Alerts:Windw", "1m", "'Hub:Alerts:Windw' is not a setting. There are: Hub:Alerts:Window,")]
    [InlineData("Alerts:Window", "soon", "Hub:Alerts:Window is 'soon'; expected a number with ms, s, m, h or d")]
    [InlineData("Alerts:Webhook:Url", "ftp://x", "Hub:Alerts:Webhook:Url is no address")]
    [InlineData("Alerts:Webhook:Secret", "geheim", "Hub:Alerts:Webhook:Secret is no reference to a secret", "Alerts:Webhook:Url", "https://x.example")]
    [InlineData("Alerts:Mail:Host", "mail.example", "Hub:Alerts:Mail:From is missing")]
    [InlineData("Alerts:Mail:From", "nobody", "Hub:Alerts:Mail:From has 'nobody', which is no e-mail address", "Alerts:Mail:Host", "mail.example")]
    [InlineData("Metrics:Public", "perhaps", "Hub:Metrics:Public is 'perhaps'; expected yes or no.")]
    [InlineData("Metrics:Token", "geheim", "Hub:Metrics:Token is no reference to a secret")]
    [InlineData("Health:SpaceLeast", "much", "Hub:Health:SpaceLeast is 'much'")]
    [InlineData("PublicAddress", "hub", "Hub:PublicAddress is 'hub'")]
    public void A_wrong_one_is_told(string key, string value, string message, string other = "Data", string otherValue = "/tmp/x")
    {
        var failure = Assert.Throws<SettingsException>(() => Read((key, value), (other, otherValue)));
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.Message);
    }

    [Fact]
    public void A_password_is_not_sent_in_the_clear()
    {
        var failure = Assert.Throws<SettingsException>(() => Read(
            ("Alerts:Mail:Host", "mail.example"), ("Alerts:Mail:From", "hub@shop.example"), ("Alerts:Mail:Security", "None"), ("Alerts:Mail:User", "hub"), ("Alerts:Mail:Password", "env:P")));
        Assert.Contains("a password would be sent in the clear", failure.Message);
    }

    static HubSettings Read(params (string Key, string Value)[] values) => HubSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"Hub:{value.Key}", (string?)value.Value)).Append(KeyValuePair.Create("Hub:Mappings", (string?)Repository.PathTo("mappings"))))
        .Build());
}
