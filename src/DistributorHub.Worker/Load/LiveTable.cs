namespace DistributorHub.Worker.Load;

/// <summary>A column as the database really has it. Settable, so that Dapper can fill it.</summary>
sealed class LiveColumn
{
    public string Name { get; set; } = "";

    /// <summary>Type without its bounds, as a cast takes it: casting to it never cuts a value short.</summary>
    public string Type { get; set; } = "";

    /// <summary>Most characters, or null.</summary>
    public int? Length { get; set; }

    /// <summary>Digits in all and after the mark of a bounded numeric, or null.</summary>
    public int? Precision { get; set; }

    public int? Scale { get; set; }

    public bool Nullable { get; set; }

    /// <summary>Expression that makes a value for a new row (a sequence's next number), or null.</summary>
    public string? Default { get; set; }

    /// <summary>True for an identity column: it takes our values only when told to.</summary>
    public bool Identity { get; set; }

    /// <summary>True when every new row gets a value of its own from the database: a sequence, an identity, SQLite's <c>integer primary key</c>.</summary>
    public bool Numbered { get; set; }

    /// <summary>True when the database computes it from other columns: it takes no values at all.</summary>
    public bool Computed { get; set; }
}

/// <summary>A reference to another table of the database.</summary>
sealed class LiveReference
{
    public string Name { get; set; } = "";

    /// <summary>Quoted name of the table referred to.</summary>
    public string Table { get; set; } = "";

    /// <summary>The <see cref="LiveTable.Identity"/> of the table referred to.</summary>
    public string TableIdentity { get; set; } = "";

    public string[] Columns { get; set; } = [];

    public string[] TableColumns { get; set; } = [];
}

/// <summary>A table as the database really has it.</summary>
/// <param name="Columns">In the table's order; empty when the table does not exist.</param>
/// <param name="UniqueKeys">Columns of every unique index over the whole table.</param>
/// <param name="References">Foreign keys.</param>
sealed record LiveTable(
    IReadOnlyList<LiveColumn> Columns, IReadOnlyList<IReadOnlyList<string>> UniqueKeys, IReadOnlyList<LiveReference> References)
{
    /// <summary>What tells this table from every other, however its name is written.</summary>
    public string Identity { get; init; } = "";

    public bool Exists => Columns.Count > 0;

    public LiveColumn? Find(string column) => Columns.FirstOrDefault(c => c.Name == column);

    public LiveColumn this[string column] => Find(column) ?? throw new KeyNotFoundException($"No column '{column}'.");

    /// <summary>True when a row of this table may need a row of the other one.</summary>
    public bool RefersTo(LiveTable other) => other.Identity != Identity && References.Any(r => r.TableIdentity == other.Identity);

    /// <summary>The tables with those that others refer to first; where references go in a circle, and otherwise, in the order they came.</summary>
    public static IEnumerable<T> ReferredFirst<T>(IEnumerable<T> tables, Func<T, T, bool> refersTo)
    {
        var open = tables.ToList();
        while (open.Count > 0)
        {
            var next = Math.Max(0, open.FindIndex(table => !open.Exists(other => refersTo(table, other))));
            yield return open[next];
            open.RemoveAt(next);
        }
    }

    public bool IsUnique(IEnumerable<string> columns)
    {
        var wanted = columns.ToHashSet(StringComparer.Ordinal);
        return UniqueKeys.Any(wanted.SetEquals);
    }
}

/// <summary>The seller's tables are not as the target says; a person has to change one of the two.</summary>
sealed class TargetDriftException(IReadOnlyList<string> problems)
    : Exception($"The seller's database does not fit the target: {string.Join(" ", problems)} 'hub target check' tells more.")
{
    /// <summary>One sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
