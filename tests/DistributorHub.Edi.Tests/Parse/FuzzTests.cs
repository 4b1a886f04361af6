using DistributorHub.Fuzz;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Parse;

/// <summary>The fuzzer's short form, and all inputs that ever broke something. Its README says what is checked of each.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    const int Inputs = 6_000;

    static string Folder => Repository.PathTo("tests", "DistributorHub.Edi.Tests", "Parse", "Broken");

    public static TheoryData<string> Broken => [.. Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Broken))]
    public void What_once_broke_something_no_longer_does(string file) => Assert.Equal("", Checker.CheckAll(File.ReadAllBytes(Path.Combine(Folder, file))) ?? "");

    [Fact]
    public void The_first_inputs_break_nothing() => CheckFrom(0);

    /// <summary>Other inputs every day, the same ones all day long.</summary>
    [Fact]
    public void The_inputs_of_the_day_break_nothing()
    {
        const long day = 10_000_000;
        CheckFrom(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date).DayNumber * day);
    }

    void CheckFrom(long first)
    {
        output.WriteLine($"inputs from {first}; repeat one with: dotnet run -c release --project tests/DistributorHub.Fuzz -- show NUMBER");
        var checker = new Checker();
        for (var number = first; number < first + Inputs; number++)
            if (checker.Check(number) is { } trouble)
                Assert.Fail($"input {number}: {trouble}");
    }

    [Fact]
    public void An_input_is_made_from_its_number_alone()
    {
        var one = new Checker();
        for (var number = 0L; number < 50; number++)
            one.Input(number);
        Assert.Equal(new Checker().Input(41).ToArray(), one.Input(41).ToArray());
        Assert.NotEqual(new Checker().Input(42).ToArray(), one.Input(41).ToArray());
    }
}
