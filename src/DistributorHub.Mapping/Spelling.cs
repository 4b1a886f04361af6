namespace DistributorHub.Mapping;

/// <summary>How far a written word is from a known one; a swap of neighbours is the commonest slip, so it counts as one.</summary>
public static class Spelling
{
    /// <summary>Least number of letters put in, left out, changed or swapped with their neighbour (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    least = Math.Min(least, table[i - 2, j - 2] + 1);
                table[i, j] = least;
            }
        }
        return table[a.Length, b.Length];
    }
}
