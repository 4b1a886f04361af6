using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Tests.Receive;

public sealed class SettlingTests
{
    static readonly DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan settle = TimeSpan.FromSeconds(10);
    static readonly RemoteFile file = new("out/orders.edi", 100, now.AddYears(-1));

    static Settlement Judge(Sighting? previous) => Settling.Judge(previous, file, now, settle);

    [Fact]
    public void A_file_seen_for_the_first_time_is_not_read_however_old_it_claims_to_be() => Assert.Equal(Settlement.Settling, Judge(null));

    [Theory]
    [InlineData(9, Settlement.Settling)]
    [InlineData(10, Settlement.Settled)]
    [InlineData(3_600, Settlement.Settled)]
    internal void A_file_unchanged_for_long_enough_is_read(int seconds, Settlement expected) =>
        Assert.Equal(expected, Judge(new(100, file.ModifiedAt, now.AddSeconds(-seconds))));

    [Fact]
    public void Another_size_or_time_starts_again()
    {
        Assert.Equal(Settlement.Changed, Judge(new(99, file.ModifiedAt, now.AddHours(-1))));
        Assert.Equal(Settlement.Changed, Judge(new(100, file.ModifiedAt.AddSeconds(1), now.AddHours(-1))));
    }

    [Fact]
    public void A_clock_that_went_back_only_makes_us_wait() =>
        Assert.Equal(Settlement.Settling, Judge(new(100, file.ModifiedAt, now.AddHours(1))));
}
