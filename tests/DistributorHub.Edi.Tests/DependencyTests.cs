namespace DistributorHub.Edi.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void The_engine_uses_the_base_library_and_nothing_else()
    {
        var names = typeof(Finding).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.StartsWith("System", name, StringComparison.Ordinal));
    }
}
