using DistributorHub.Worker.Workbench;

namespace DistributorHub.Worker.Tests.Workbench;

public sealed class LineDiffTests
{
    [Fact]
    public void What_went_and_what_came_is_told_with_some_lines_around_it()
    {
        var before = string.Join('\n', Enumerable.Range(1, 20).Select(line => $"line {line}"));
        var after = before.Replace("line 10", "another\none more", StringComparison.Ordinal).Replace("line 2\n", "", StringComparison.Ordinal);
        var diff = LineDiff.Of(before, after);
        Assert.Equal((2, 2, false), (diff.Added, diff.Removed, diff.IsNone));
        Assert.Equal(
            [
                " line 1", "-line 2", " line 3", " line 4", " line 5", "@", " line 7", " line 8", " line 9", "-line 10", "+another", "+one more", " line 11", " line 12", " line 13",
            ],
            diff.Hunks().Select(line => $"{line.Kind}{line.Text}"));
    }

    [Fact]
    public void Of_equal_texts_nothing_differs() => Assert.Empty(LineDiff.Of("a\nb", "a\nb").Hunks());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_lines_that_stay_and_come_are_the_later_text_and_those_that_stay_and_went_the_earlier(int seed)
    {
        var dice = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var (before, after) = (Text(dice), Text(dice));
            var shown = LineDiff.Of(before, after);
            // All lines are near a change in texts as short as these.
            var lines = shown.IsNone ? [.. before.Split('\n').Select(line => new DiffLine(' ', 0, line))] : shown.Hunks().Where(line => line.Kind != '@').ToList();
            Assert.Equal(before, string.Join('\n', lines.Where(line => line.Kind is ' ' or '-').Select(line => line.Text)));
            Assert.Equal(after, string.Join('\n', lines.Where(line => line.Kind is ' ' or '+').Select(line => line.Text)));
        }
    }

    [Fact]
    public void Texts_too_large_to_compare_line_by_line_are_told_as_a_whole()
    {
        var diff = LineDiff.Of(string.Join('\n', Enumerable.Range(0, 2_000)), string.Join('\n', Enumerable.Range(0, 2_000).Select(line => $"x{line}")));
        Assert.Equal((2_000, 2_000), (diff.Added, diff.Removed));
    }

    static string Text(Random dice) => string.Join('\n', Enumerable.Range(0, dice.Next(1, 5)).Select(_ => "abc"[dice.Next(3)]));
}
