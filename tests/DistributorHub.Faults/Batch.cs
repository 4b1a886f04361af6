using System.Globalization;
using Maker = DistributorHub.Worker.Tests.Flow.Orders;

namespace DistributorHub.Faults;

/// <summary>The files of one round, and what must come of them: made here, never read from the hub.</summary>
sealed class Batch
{
    readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> orders = new(StringComparer.Ordinal);
    readonly List<string> references = [];

    Batch(int round) => Prefix = string.Create(CultureInfo.InvariantCulture, $"R{round:D6}");

    /// <summary>What all names and numbers of the batch start with.</summary>
    public string Prefix { get; }

    /// <summary>Final content by file name.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => files;

    /// <summary>Lines of each order by its number.</summary>
    public IReadOnlyDictionary<string, int> Orders => orders;

    /// <summary>References of the interchanges, each to be acknowledged.</summary>
    public IReadOnlyList<string> References => references;

    /// <summary>Some small files, each an interchange of one to three orders.</summary>
    public static Batch Small(int round, int count, Random random)
    {
        var batch = new Batch(round);
        for (var file = 0; file < count; file++)
            batch.files.Add($"{batch.Prefix}-{file:D3}.edi", batch.Interchange(file, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 5))]));
        return batch;
    }

    /// <summary>One file of two interchanges, each with an order of many lines, so that its download takes a while.</summary>
    public static Batch Large(int round, int lines, out int firstBytes)
    {
        var batch = new Batch(round);
        var first = batch.Interchange(0, [lines]);
        firstBytes = first.Length;
        batch.files.Add($"{batch.Prefix}-000.edi", [.. first, .. batch.Interchange(1, [lines])]);
        return batch;
    }

    byte[] Interchange(int number, int[] lines)
    {
        var reference = $"{Prefix}F{number}";
        references.Add(reference);
        var made = lines.Select((count, order) => (Number: $"{Prefix}-{number:D3}-{order}", Lines: count)).ToList();
        foreach (var (id, count) in made)
            orders.Add(id, count);
        return Maker.File(reference, [.. made.Select(order => Maker.Order(order.Number, order.Lines))]);
    }
}
