namespace DistributorHub.Worker.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void The_service_stands_on_mapping()
    {
        var names = typeof(Database).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.Contains("DistributorHub.Mapping", names);
    }
}
