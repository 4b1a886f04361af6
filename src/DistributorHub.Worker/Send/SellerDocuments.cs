using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using DistributorHub.Edi;
using DistributorHub.Mapping.Targets;
using DistributorHub.Mapping.Write;
using DistributorHub.Worker.Load;
using Npgsql;
using NpgsqlTypes;

namespace DistributorHub.Worker.Send;

/// <summary>A value of a view that is not of the type its document names.</summary>
sealed class DocumentValueException(string message) : Exception(message);

/// <summary>Rows of a view that no document can be made of, because their key is none.</summary>
sealed class UnusableKeys
{
    const int ToldMax = 3;

    readonly List<string> told = [];

    public int Count { get; private set; }

    public void Add(string why)
    {
        Count++;
        if (told.Count < ToldMax && !told.Contains(why))
            told.Add(why);
    }

    public override string ToString() => $"{Count} row(s) are left out: {string.Join(", ", told)}{(told.Count < Count ? ", …" : "")}.";
}

/// <summary>Reads the seller's documents from their views. Names are quoted identifiers, values parameters; nothing is written.</summary>
sealed class SellerDocuments(Database seller)
{
    readonly SellerDialect dialect = SellerDialect.Of(seller.Engine);

    /// <summary>
    /// Keys of the documents that are there for a partner, as <see cref="KeyOf"/> writes them, so many at a time: the view may be larger than memory.
    /// </summary>
    /// <param name="definition">The document.</param>
    /// <param name="partner">The partner.</param>
    /// <param name="unusable">Takes the rows that no document can be made of; the others go on.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public async IAsyncEnumerable<IReadOnlyList<string>> Keys(
        DocumentDefinition definition, string partner, UnusableKeys unusable, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var parameters = new DynamicParameters();
        var where = definition.Partner is { } field ? $" where {Is(parameters, field.Physical, "partner", partner)}" : "";
        await using var connection = await seller.Open(cancellation);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"select {string.Join(", ", definition.Key.Select(key => AsText(key.Physical)))} from {Name(definition.Root)}{where}", parameters, cancellationToken: cancellation));
        var keys = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            if (Key(definition, reader, unusable) is { } key)
                keys.Add(key);
            if (keys.Count < Limits.DocumentKeysMax)
                continue;
            yield return keys;
            keys = [];
        }
        if (keys.Count > 0)
            yield return keys;
    }

    static string? Key(DocumentDefinition definition, DbDataReader reader, UnusableKeys unusable)
    {
        var values = new string[definition.Key.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (reader.IsDBNull(i))
            {
                unusable.Add($"{definition.Key[i].Physical} is null");
                return null;
            }
            values[i] = reader.GetString(i);
        }
        var key = KeyOf(values);
        if (key.Length <= Limits.DocumentKeyCharsMax)
            return key;
        unusable.Add($"the key '{Readable(key)[..Limits.QuotedCharsMax]}…' is longer than {Limits.DocumentKeyCharsMax} characters");
        return null;
    }

    /// <summary>The document of a key with all its rows, as they were at one moment; null when it is no longer there.</summary>
    /// <exception cref="DocumentValueException">A value is not of its type.</exception>
    public async Task<DocumentData?> Read(DocumentDefinition definition, string key, CancellationToken cancellation)
    {
        await using var connection = await seller.Open(cancellation);
        await using var transaction = await Database.BeginReading(connection, cancellation);
        var read = new Reading(connection, transaction, definition, Parts(key));
        var documents = await Rows(read, definition.Root, [.. definition.Key.Select(field => field.Physical)], [], cancellation);
        if (documents.Count == 0)
            return null;
        if (documents.Count > 1)
            throw new DocumentValueException($"{definition.Root.View} has {documents.Count} rows of the key {Readable(key)}: one row is one document.");
        // By the keys of the rows around: those of the document, then those of each list inwards.
        var rows = new Dictionary<int, Dictionary<string, DocumentData>> { [0] = new(StringComparer.Ordinal) { [KeyOf(definition.Key.Select(field => documents[0].Row.Values[IndexOf(definition.Root, field)]))] = documents[0].Row } };
        foreach (var list in definition.Lists.Skip(1))
        {
            var around = Around(definition, list);
            rows[list.Index] = new(StringComparer.Ordinal);
            foreach (var (path, row) in await Rows(read, list, list.By, around, cancellation))
            {
                if (!rows[list.Outer].TryGetValue(KeyOf(path), out var outer))
                    throw new DocumentValueException($"{list.View} has a row of {Readable(KeyOf(path))}, which is not in {definition.Lists[list.Outer].View}.");
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

    /// <summary>A key as people read it: <c>17</c>, <c>4711/2</c>.</summary>
    public static string Readable(string key) => string.Join('/', Parts(key));

    static string[] Parts(string key) => JsonSerializer.Deserialize<string[]>(key)!;

    sealed record Reading(DbConnection Connection, DbTransaction Transaction, DocumentDefinition Definition, string[] Key);

    async Task<List<(object?[] Path, DocumentData Row)>> Rows(
        Reading read, DocumentList list, IReadOnlyList<string> by, List<(DocumentList List, ColumnDefinition Field)> around, CancellationToken cancellation)
    {
        var parameters = new DynamicParameters();
        var where = string.Join(" and ", read.Key.Select((part, i) => Is(parameters, by[i], $"k{i}", part)));
        var order = list.Order.Count == 0 ? "" : $" order by {string.Join(", ", list.Order.Select(field => SellerDialect.Quote(field.Physical)))}";
        var path = around.Select((outer, i) => Column(by[i], outer.Field)).ToList();
        await using var reader = await read.Connection.ExecuteReaderAsync(new CommandDefinition(
            $"select {string.Join(", ", path.Concat(list.Fields.Select(field => Column(field.Physical, field))))} from {Name(list)} where {where}{order}",
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

    // Texts of a fixed width lose their padding, and keys of other types (uuid, numbers) are texts on both sides.
    static string AsText(string column) => $"cast({SellerDialect.Quote(column)} as text)";

    string Column(string physical, ColumnDefinition field) =>
        seller.Engine == Engine.PostgreSql && field.Kind == ColumnKind.Text ? AsText(physical) : SellerDialect.Quote(physical);

    /// <summary>A condition that a column holds the value that is written so, whatever its type; an index of the column serves it.</summary>
    string Is(DynamicParameters parameters, string column, string name, string text)
    {
        if (seller.Engine == Engine.PostgreSql)
        {
            parameters.Add(name, new UntypedText(text));
            return $"{SellerDialect.Quote(column)} = @{name}";
        }
        // A column of a view may have no type, and then its values are compared by their own.
        parameters.Add(name, text);
        parameters.Add($"{name}n", long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text ? number : text);
        return $"{SellerDialect.Quote(column)} in (@{name}, @{name}n)";
    }

    /// <summary>A value that PostgreSQL reads as one of the type it is compared with.</summary>
    sealed class UntypedText(string text) : SqlMapper.ICustomQueryParameter
    {
        public void AddParameter(IDbCommand command, string name) =>
            command.Parameters.Add(new NpgsqlParameter { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Unknown, Value = text });
    }

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
