using DistributorHub.Edi.Parse;

namespace DistributorHub.Fuzz;

/// <summary>How an input is handed to the reader. What it says of the input must not depend on that.</summary>
/// <param name="Chunk">Most bytes the stream hands out at a time.</param>
/// <param name="Buffer">Bytes of the reader's buffer.</param>
/// <param name="Window">Bytes that are indexed at a time.</param>
/// <param name="Single">True = without runs of segments, and with the index of processors without AVX-512.</param>
readonly record struct Shape(int Chunk, int Buffer, int Window, bool Single)
{
    const int UsualBuffer = 4 * 1024;
    const int UsualWindow = 16 * 1024;

    /// <summary>All at once.</summary>
    public static Shape Usual { get; } = new(int.MaxValue, UsualBuffer, UsualWindow, Single: false);

    /// <summary>As the product reads files.</summary>
    public static Shape Product { get; } = new(int.MaxValue, 256 * 1024, UsualWindow, Single: false);

    public static Shape Of(Dice dice) => dice.Below(8) switch
    {
        0 => Usual with { Single = true },
        1 => Product,
        2 => new(1, 1, dice.Between(1, 99), dice.OneIn(2)),
        3 => new(dice.Between(1, 9), dice.Between(1, 300), dice.Between(1, 300), dice.OneIn(2)),
        4 => new(int.MaxValue, UsualBuffer, dice.Between(1, 130), dice.OneIn(4)),
        5 => new(dice.Between(1, 600), dice.Between(1, 600), dice.Between(1, 600), Single: false),
        6 => Usual with { Single = true, Window = dice.Between(1, 130) },
        _ => new(dice.Between(1, 300), UsualBuffer, dice.Between(1, 1 << dice.Between(5, 11)), Single: false),
    };
}

/// <summary>What an input is read with, beside its bytes.</summary>
/// <param name="Reader">The reader's options.</param>
/// <param name="Guided">True = a guide stands beside the definitions that have one here.</param>
/// <param name="Answers">Which kind of answers is asked for, from 0 to below <see cref="AnswerKinds"/>.</param>
/// <param name="AnswersRead">True = the answers that are written are read again.</param>
/// <param name="Whole">True = the input is validated and answered in the other shape, too, not only read.</param>
/// <param name="Deep">True = it is copied, and its answers are written twice.</param>
sealed record Setting(ReaderOptions Reader, bool Guided, int Answers, bool AnswersRead, bool Whole, bool Deep)
{
    public const int AnswerKinds = 8;

    // The checks that cost most are made of one input in so many; each by a throw of its own, so that in the long run they meet all others.
    const int AnswersReadEvery = 4;
    const int WholeEvery = 8;
    const int DeepEvery = 16;

    public static Setting Usual { get; } = new(new(), Guided: true, Answers: 0, AnswersRead: true, Whole: true, Deep: true);

    static readonly string[] charsets = ["utf-8", "windows-1252", "iso-8859-1", "iso-8859-5", "us-ascii", "windows-1251", "iso-8859-15"];

    public static Setting Of(Dice dice)
    {
        var reader = new ReaderOptions();
        if (dice.OneIn(12))
            reader = reader with { Charset = dice.Of<string>(charsets) };
        if (dice.OneIn(24))
            reader = reader with { SegmentBytesMax = dice.Between(20, 400) };
        return new(reader, dice.OneIn(3), dice.Below(AnswerKinds), dice.OneIn(AnswersReadEvery), dice.OneIn(WholeEvery), dice.OneIn(DeepEvery));
    }
}
