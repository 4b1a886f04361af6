using DistributorHub.Mapping.Targets;

namespace DistributorHub.Mapping.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void Mapping_knows_the_engine_YamlDotNet_and_Sep_and_nothing_above()
    {
        var names = typeof(TargetDefinition).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.Contains("DistributorHub.Edi", names);
        Assert.All(names, name => Assert.True(
            name.StartsWith("System", StringComparison.Ordinal) || name is "DistributorHub.Edi" or "YamlDotNet" or "Sep", name));
    }
}
