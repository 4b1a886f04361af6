using System.Globalization;
using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Fuzz;

/// <summary>Makes inputs and checks them; one for each thread. An exception of the engine is not caught here: whoever runs this catches it.</summary>
sealed class Checker
{
    // One number in so many is a text of a definition, not a file.
    const int DefinitionEvery = 64;

    // The reader and all that is built on it may use this for any input, and so much for each of its bytes: findings are made of words.
    const long AllocatedBase = 8 * 1024 * 1024;
    const long AllocatedPerByte = 1500;

    readonly Mutator mutator = new();
    readonly SimpleReader simple = new();

    static Dice DiceOf(long number) => new((ulong)number * 0x9E3779B97F4A7C15 ^ 0xD1B54A32D192ED03);

    /// <summary>True when the input with this number is a text of a definition.</summary>
    public static bool IsDefinition(long number) => number % DefinitionEvery == DefinitionEvery - 1;

    public static string Definition(long number) => DefinitionCheck.Make(DiceOf(number)).Text;

    /// <summary>The bytes of the input with this number; valid until the next one is made.</summary>
    public ReadOnlyMemory<byte> Input(long number)
    {
        mutator.Make(DiceOf(number));
        return mutator.Input;
    }

    /// <summary>Makes an input and checks it; says what does not hold, or null.</summary>
    public string? Check(long number)
    {
        var dice = DiceOf(number);
        if (IsDefinition(number))
        {
            DefinitionCheck.Check(DefinitionCheck.Make(dice), dice);
            return null;
        }
        mutator.Make(dice);
        return Check(mutator.Input, Setting.Of(dice), Shape.Of(dice), simple);
    }

    /// <summary>Checks a file in many shapes and settings; says what does not hold, or null.</summary>
    public static string? CheckAll(ReadOnlyMemory<byte> file)
    {
        var byByte = new SimpleReader();
        foreach (var charset in (ReadOnlySpan<string?>)[null, "utf-8", "windows-1252", "iso-8859-5"])
            for (var answers = 0; answers < Setting.AnswerKinds; answers++)
            {
                var reader = new ReaderOptions { Charset = charset };
                foreach (var options in (ReadOnlySpan<ReaderOptions>)[reader, reader with { SegmentBytesMax = 100 }])
                    for (var window = 1; window < 200; window += 1 + window * (answers + 1) / 3)
                    {
                        var setting = Setting.Usual with { Reader = options, Guided = answers % 2 == 0, Answers = answers, Deep = window == 1 };
                        if (Check(file, setting, new(window, window, window, window % 3 == 0), byByte) is { } trouble)
                            return trouble;
                    }
            }
        return Check(file, Setting.Usual, Shape.Product, byByte) ?? Check(file, Setting.Usual, Shape.Usual with { Single = true }, byByte);
    }

    static string? Check(ReadOnlyMemory<byte> input, Setting setting, Shape shape, SimpleReader byByte)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var pass = new Pass(input, setting, whole: true, byByte).Run(Shape.Usual);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (pass.Trouble is not null)
            return pass.Trouble;
        if (allocated > AllocatedBase + AllocatedPerByte * input.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{allocated} bytes were allocated for {input.Length}");
        var other = new Pass(input, setting, setting.Whole).Run(shape);
        if (pass.Read != other.Read || setting.Whole && pass.Judged != other.Judged)
            return Difference(input, setting, shape);
        return AnswerCheck.Trouble(pass.Answers, setting) ?? (setting.Deep ? CopyCheck.Trouble(input, setting) : null);
    }

    static string Difference(ReadOnlyMemory<byte> input, Setting setting, Shape shape)
    {
        var one = Lines(input, setting, Shape.Usual, verify: true);
        var other = Lines(input, setting, shape, verify: false);
        var at = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"read as {shape} it is{Environment.NewLine}  {other.ElementAtOrDefault(at)}{Environment.NewLine}instead of{Environment.NewLine}  {one.ElementAtOrDefault(at)}";
    }

    static string[] Lines(ReadOnlyMemory<byte> input, Setting setting, Shape shape, bool verify)
    {
        var text = new StringBuilder();
        new Pass(input, setting, whole: true, verify ? new SimpleReader() : null, text).Run(shape);
        return text.ToString().Split('\n');
    }

    /// <summary>All that is seen of an input, for people.</summary>
    public string Show(long number)
    {
        var dice = DiceOf(number);
        mutator.Make(dice);
        var (setting, shape) = (Setting.Of(dice), Shape.Of(dice));
        return $"{setting}{Environment.NewLine}{shape}{Environment.NewLine}{string.Join('\n', Lines(mutator.Input, setting, Shape.Usual, verify: true))}";
    }
}
