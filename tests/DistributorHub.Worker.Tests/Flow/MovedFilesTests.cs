namespace DistributorHub.Worker.Tests.Flow;

/// <summary>Where files go once they are read, when the partner uses a name again.</summary>
public sealed class MovedFilesTests
{
    [Fact]
    public async Task A_name_that_is_used_again_replaces_no_earlier_file()
    {
        await using var flow = await FlowFixture.Create();
        byte[][] files = [.. new[] { "1", "2", "3" }.Select(number => Orders.File("R" + number, Orders.Order("471" + number)))];
        var last = 0L;
        foreach (var file in files)
            last = (await flow.Send("orders.edi", file)).Exchange.Id;
        Assert.Empty(Directory.GetFiles(flow.Inbox));
        Assert.Equal(["orders-2.edi", "orders-3.edi", "orders.edi"], Directory.GetFiles(flow.Processed).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(3, last);
        Assert.Equal(files[0], await File.ReadAllBytesAsync(Path.Combine(flow.Processed, "orders.edi"), TestContext.Current.CancellationToken));
        Assert.Equal(files[2], await File.ReadAllBytesAsync(Path.Combine(flow.Processed, "orders-3.edi"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_name_with_the_number_of_the_exchange_that_is_taken_too_replaces_nothing_either()
    {
        await using var flow = await FlowFixture.Create();
        Directory.CreateDirectory(flow.Processed);
        foreach (var name in new[] { "orders.edi", "orders-1.edi" })
            await File.WriteAllTextAsync(Path.Combine(flow.Processed, name), name, TestContext.Current.CancellationToken);
        await flow.Send("orders.edi", Orders.File("R1", Orders.Order("4711")));
        Assert.Empty(Directory.GetFiles(flow.Inbox));
        Assert.True(File.Exists(Path.Combine(flow.Processed, "orders-1-2.edi")));
        foreach (var name in new[] { "orders.edi", "orders-1.edi" })
            Assert.Equal(name, await File.ReadAllTextAsync(Path.Combine(flow.Processed, name), TestContext.Current.CancellationToken));
    }
}
