using System.Reflection;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class CodesTests
{
    [Fact]
    public void Every_code_is_unique_and_explained_in_the_README()
    {
        var codes = typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToList();
        var readme = File.ReadAllText(Repository.PathTo("src", "DistributorHub.Edi", "README.md"));
        Assert.NotEmpty(codes);
        Assert.Equal(codes.Count, codes.Distinct().Count());
        var meanings = readme.Remove(readme.IndexOf("## Examples of findings", StringComparison.Ordinal));
        Assert.All(codes, code => Assert.Contains($"| {code} |", meanings, StringComparison.Ordinal));
    }
}
