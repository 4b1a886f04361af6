using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Tests.Partners;

public sealed class SecretsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("hub-secrets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Write(string text)
    {
        var path = Path.Combine(folder, "secret");
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void A_file_gives_its_text_without_the_line_end() => Assert.Equal(" a\nb ", Secrets.Resolve("file:" + Write(" a\nb \r\n")));

    [Fact]
    public void An_environment_variable_gives_its_value() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), Secrets.Resolve("env:PATH"));

    [Theory]
    [InlineData("env:HUB_TESTS_NOT_SET", "HUB_TESTS_NOT_SET")]
    [InlineData("file:/nowhere/secret", "/nowhere/secret")]
    public void A_missing_secret_is_named_by_its_place(string reference, string place) =>
        Assert.Contains(place, Assert.Throws<SecretException>(() => Secrets.Resolve(reference)).Message);

    [Fact]
    public void An_empty_file_is_no_secret() =>
        Assert.Contains("empty", Assert.Throws<SecretException>(() => Secrets.Resolve("file:" + Write("\n"))).Message);

    [Fact]
    public void A_huge_file_is_no_secret() =>
        Assert.Contains("larger", Assert.Throws<SecretException>(() => Secrets.Resolve("file:" + Write(new string('a', 70_000)))).Message);

    [Fact]
    public void A_secret_in_place_of_its_reference_is_not_repeated() =>
        Assert.DoesNotContain("hunter2", Assert.Throws<SecretException>(() => Secrets.Resolve("hunter2")).Message);
}
