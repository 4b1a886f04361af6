using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Receive;

public sealed class KnownHostsTests
{
    const string Key = "AAAAC3NzaC1lZDI1NTE5AAAAIB0Nt0ZfRCpDSNNt6oXJ3wQJ2yXk4RCb2cUFE5K5qQ0B";

    static int Count(string names, string host, int port = 22) => KnownHosts.Read([$"{names} ssh-ed25519 {Key} comment"], host, port).Count;

    [Theory]
    [InlineData("sftp.example", "sftp.example", 22, true)]
    [InlineData("SFTP.Example", "sftp.EXAMPLE", 22, true)]
    [InlineData("sftp.example", "sftp.example", 2222, false)]
    [InlineData("[sftp.example]:2222", "sftp.example", 2222, true)]
    [InlineData("[sftp.example]:2222", "sftp.example", 22, false)]
    [InlineData("10.0.0.1,sftp.example", "sftp.example", 22, true)]
    [InlineData("*.example", "sftp.example", 22, true)]
    [InlineData("sft?.example", "sftp.example", 22, true)]
    [InlineData("*.example,!sftp.example", "sftp.example", 22, false)]
    [InlineData("!sftp.example,*.example", "sftp.example", 22, false)]
    [InlineData("!other.example", "sftp.example", 22, false)]
    [InlineData("|1|not-base64|x", "sftp.example", 22, false)]
    public void A_line_is_for_the_hosts_it_names(string names, string host, int port, bool found) =>
        Assert.Equal(found ? 1 : 0, Count(names, host, port));

    [Fact]
    public void Comments_authorities_and_broken_lines_are_passed_over()
    {
        var entries = KnownHosts.Read(
            ["# a comment", "", "sftp.example", $"@cert-authority sftp.example ssh-ed25519 {Key}", "sftp.example ssh-ed25519 %%%",
                $"\tsftp.example\tssh-ed25519\t{Key}", $"@revoked sftp.example ssh-ed25519 {Key}"],
            "sftp.example", 22);
        Assert.Equal([false, true], entries.Select(entry => entry.Revoked));
    }
}
