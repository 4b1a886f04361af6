using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Send;

/// <summary>A value of a view that is not of the type its document names.</summary>
sealed class DocumentValueException(string message) : Exception(message);

/// <summary>Reads the seller's documents from their views. Names are quoted identifiers, values parameters; nothing is written.</summary>
sealed class SellerDocuments(Database seller)
{
    readonly SellerDialect dialect = SellerDialect.Of(seller.Engine);

    /// <summary>Keys of the documents that are there for a partner, as <see cref="KeyOf"/> writes them.</summary>
    public async Task<IReadOnlyList<string>> Keys(DocumentDefinition definition, string partner, CancellationToken cancellation)
    {
        var where = definition.Partner is { } field ? $" where {SellerDialect.Quote(field.Physical)} = @partner" : "";
        await using var connection = await seller.Open(cancellation);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"select {Columns(definition.Key.Select(key => key.Physical))} from {Name(definition.Root)}{where}", new { partner }, cancellationToken: cancellation));
        var keys = new List<string>();
        while (await reader.ReadAsync(cancellation))
            keys.Add(KeyOf(definition.Key.Select((key, i) => Value(definition.Root, key, reader.GetValue(i)))));
        return keys;
    }

    /// <summary>The document of a key with all its rows, as they were at one moment; null when it is no longer there.</summary>
    /// <exception cref="DocumentValueException">A value is not of its type.</exception>
    public async Task<DocumentData?> Read(DocumentDefinition definition, string key, CancellationToken cancellation)
    {
        var values = KeyValues(definition, key);
        await using var connection = await seller.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var read = new Reading(connection, transaction, definition, values);
        var documents = await Rows(read, definition.Root, [.. definition.Key.Select(field => field.Physical)], [], cancellation);
        if (documents.Count == 0)
            return null;
        if (documents.Count > 1)
            throw new DocumentValueException($"{definition.Root.View} has {documents.Count} rows of the key {key}: one row is one document.");
        // By the keys of the rows around: those of the document, then those of each list inwards.
        var rows = new Dictionary<int, Dictionary<string, DocumentData>> { [0] = new(StringComparer.Ordinal) { [key] = documents[0].Row } };
        foreach (var list in definition.Lists.Skip(1))
        {
            var around = Around(definition, list);
            rows[list.Index] = new(StringComparer.Ordinal);
            foreach (var (path, row) in await Rows(read, list, list.By, around, cancellation))
            {
                if (!rows[list.Outer].TryGetValue(KeyOf(path), out var outer))
                    throw new DocumentValueException($"{list.View} has a row of {KeyOf(path)}, which is not in {definition.Lists[list.Outer].View}.");
                outer.Rows.First(inner => inner.List == list).Rows.Add(row);
                if (list.Lists.Count > 0 && !rows[list.Index].TryAdd(KeyOf([.. path, .. list.Key.Select(field => row.Values[IndexOf(list, field)])]), row))
                    throw new DocumentValueException($"{list.View} has two rows of one key.");
            }
        }
        return documents[0].Row;
    }

    /// <summary>A key as the ledger keeps it: a list in JSON.</summary>
    public static string KeyOf(IEnumerable<object?> values) => JsonSerializer.Serialize(values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));

    /// <summary>True when keys of this kind are compared alike by both engines.</summary>
    public static bool CanBeKey(ColumnDefinition field) => field.Kind is ColumnKind.Text or ColumnKind.Int;

    sealed record Reading(DbConnection Connection, DbTransaction Transaction, DocumentDefinition Definition, object[] Key);

    async Task<List<(object?[] Path, DocumentData Row)>> Rows(
        Reading read, DocumentList list, IReadOnlyList<string> by, List<(DocumentList List, ColumnDefinition Field)> around, CancellationToken cancellation)
    {
        var where = string.Join(" and ", read.Key.Select((_, i) => $"{SellerDialect.Quote(by[i])} = @k{i}"));
        var order = list.Order.Count == 0 ? "" : $" order by {Columns(list.Order.Select(field => field.Physical))}";
        var parameters = new DynamicParameters();
        for (var i = 0; i < read.Key.Length; i++)
            parameters.Add($"k{i}", read.Key[i]);
        var path = by.Take(around.Count).ToList();
        await using var reader = await read.Connection.ExecuteReaderAsync(new CommandDefinition(
            $"select {Columns(path.Concat(list.Fields.Select(field => field.Physical)))} from {Name(list)} where {where}{order}",
            parameters, read.Transaction, cancellationToken: cancellation));
        var rows = new List<(object?[], DocumentData)>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = new DocumentData(read.Definition, list);
            for (var i = 0; i < list.Fields.Count; i++)
                row.Values[i] = Value(list, list.Fields[i], reader.GetValue(path.Count + i));
            rows.Add(([.. around.Select((outer, i) => Value(outer.List, outer.Field, reader.GetValue(i)))], row));
        }
        return rows;
    }

    /// <summary>The key fields of all that is around a list, the document's first.</summary>
    static List<(DocumentList List, ColumnDefinition Field)> Around(DocumentDefinition definition, DocumentList list)
    {
        var around = new List<(DocumentList, ColumnDefinition)>();
        for (var outer = list.Outer; outer >= 0; outer = definition.Lists[outer].Outer)
            around.InsertRange(0, definition.Lists[outer].Key.Select(field => (definition.Lists[outer], field)));
        return around;
    }

    static int IndexOf(DocumentList list, ColumnDefinition field) => list.Fields.ToList().FindIndex(other => other.Name == field.Name);

    static object[] KeyValues(DocumentDefinition definition, string key) =>
    [
        .. JsonSerializer.Deserialize<string[]>(key)!.Select((text, i) =>
            definition.Key[i].Kind == ColumnKind.Int ? (object)long.Parse(text, CultureInfo.InvariantCulture) : text),
    ];

    static string Columns(IEnumerable<string> names) => string.Join(", ", names.Select(SellerDialect.Quote));

    string Name(DocumentList list) =>
        dialect.Name(new() { Name = list.View, Schema = list.Schema, Physical = list.View, Columns = [], Key = [], Policy = default });

    static object? Value(DocumentList list, ColumnDefinition field, object value)
    {
        if (value is DBNull)
            return field.Nullable ? null : throw new DocumentValueException($"{list.View}.{field.Physical} is null, and is said to be not null.");
        try
        {
            return Typed(field.Kind, value);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            throw new DocumentValueException($"{list.View}.{field.Physical} is of {value.GetType().Name} and cannot be read as {field.Kind.ToString().ToLowerInvariant()}.");
        }
    }

    // SQLite has no types for these: what is text there is in the form of ISO 8601.
    static object Typed(ColumnKind kind, object value) => (kind, value) switch
    {
        (ColumnKind.Text, _) => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        (ColumnKind.Int, double or float or decimal) when Convert.ToDecimal(value, CultureInfo.InvariantCulture) is var number && number != decimal.Truncate(number) =>
            throw new FormatException(),
        (ColumnKind.Int, _) => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        (ColumnKind.Numeric, string text) => decimal.Parse(text, NumberStyles.Number & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
        (ColumnKind.Numeric, _) => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        (ColumnKind.Date, DateOnly date) => date,
        (ColumnKind.Date, DateTime moment) => DateOnly.FromDateTime(moment),
        (ColumnKind.Date, string text) => DateOnly.FromDateTime(Moment(text)),
        (ColumnKind.Time, TimeOnly time) => time,
        (ColumnKind.Time, TimeSpan time) => TimeOnly.FromTimeSpan(time),
        (ColumnKind.Time, string text) => TimeOnly.Parse(text, CultureInfo.InvariantCulture),
        (ColumnKind.Timestamp, DateTime moment) => moment,
        (ColumnKind.Timestamp, DateOnly date) => date.ToDateTime(TimeOnly.MinValue),
        (ColumnKind.Timestamp, string text) => Moment(text),
        (ColumnKind.Bool, _) => Convert.ToBoolean(value, CultureInfo.InvariantCulture),
        _ => throw new InvalidCastException(),
    };

    // A time with an offset is taken in UTC, as PostgreSQL gives it; one without as it stands.
    static DateTime Moment(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
