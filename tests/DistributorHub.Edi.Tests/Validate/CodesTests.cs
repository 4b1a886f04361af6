using System.Reflection;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Validate;

public sealed class CodesTests
{
    [Fact]
    public void Every_code_of_structure_and_values_stands_once_in_the_readme()
    {
        var readme = File.ReadAllLines(Repository.PathTo("src", "DistributorHub.Edi", "Validate", "README.md"));
        var codes = typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)
            .Where(c => c[..3] is "STR" or "ELM").Order(StringComparer.Ordinal);

        Assert.Equal(codes, readme.Where(l => l.StartsWith("| STR", StringComparison.Ordinal) || l.StartsWith("| ELM", StringComparison.Ordinal)).Select(l => l[2..9]).Order(StringComparer.Ordinal));
    }
}
