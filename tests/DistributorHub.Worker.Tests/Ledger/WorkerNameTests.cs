using System.Diagnostics;
using System.Globalization;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Tests.Ledger;

public sealed class WorkerNameTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_process_that_runs_is_not_dead()
    {
        var name = WorkerName.Create();
        Assert.False(WorkerName.IsDead(name));
        Assert.NotEqual(name, WorkerName.Create());
    }

    [Fact]
    public async Task A_process_that_ended_is_dead()
    {
        using var process = Process.Start("sleep", "60");
        var name = Named(1, process.Id.ToString(CultureInfo.InvariantCulture));
        name = Replace(name, 4, new DateTimeOffset(process.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Assert.False(WorkerName.IsDead(name));
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
        Assert.True(WorkerName.IsDead(name));
    }

    [Fact]
    public void Another_process_under_the_same_number_does_not_keep_it_alive() => Assert.True(WorkerName.IsDead(Named(4, "1000000000")));

    [Theory]
    [InlineData(0, "another-machine")]
    [InlineData(2, "another-user")]
    [InlineData(3, "pid:[1]")]
    public void Of_other_machines_users_and_containers_nothing_is_known(int part, string value) =>
        Assert.False(WorkerName.IsDead(Replace(Named(1, "4000000"), part, value)));

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("machine/12/8fe0a3b1")]
    [InlineData("a/b/c/d/e/f")]
    public void Of_names_of_other_kinds_nothing_is_known(string name) => Assert.False(WorkerName.IsDead(name));

    static string Named(int part, string value) => Replace(WorkerName.Create(), part, value);

    static string Replace(string name, int part, string value)
    {
        var parts = name.Split('/');
        parts[part] = value;
        return string.Join('/', parts);
    }
}
