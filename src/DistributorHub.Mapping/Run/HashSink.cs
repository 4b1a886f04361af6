using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DistributorHub.Mapping.Rows;

namespace DistributorHub.Mapping.Run;

/// <summary>
/// A fingerprint of a table's rows that does not depend on their order: the wrapping sum of the rows' hashes. Null columns do not count,
/// so that a row read back from a database, by the same column names and <see cref="CanonicalText"/>, gives the same hash.
/// </summary>
/// <param name="table">Name of the table in maps.</param>
public sealed class TableHash(string table)
{
    readonly ulong seed = Mix(Bytes(0x9E3779B97F4A7C15, Encoding.UTF8.GetBytes(table)));
    ulong sum, row;

    public string Table { get; } = table;

    public long Rows { get; private set; }

    /// <summary>Starting value for a column's values.</summary>
    public ulong Column(string name) => Bytes(seed, Encoding.UTF8.GetBytes(name));

    /// <summary>Adds a value, not null, to the row that is being made.</summary>
    public void Add(ulong column, ReadOnlySpan<byte> canonical) => row += Mix(Bytes(column, canonical));

    public void EndRow()
    {
        sum += Mix(row ^ seed);
        row = 0;
        Rows++;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Table} {Rows} {sum:x16}");

    static ulong Bytes(ulong hash, ReadOnlySpan<byte> bytes)
    {
        hash ^= (ulong)bytes.Length * 0xC2B2AE3D27D4EB4F;
        while (bytes.Length >= 8)
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[8..];
        }
        return Fold(hash ^ Rest(bytes));
    }

    /// <summary>Fewer than eight bytes as a number, the first one lowest. Where two reads overlap they give the same bits.</summary>
    static ulong Rest(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        >= 4 => MemoryMarshal.Read<uint>(bytes) | (ulong)MemoryMarshal.Read<uint>(bytes[^4..]) << 8 * (bytes.Length - 4),
        >= 2 => MemoryMarshal.Read<ushort>(bytes) | (ulong)MemoryMarshal.Read<ushort>(bytes[^2..]) << 8 * (bytes.Length - 2),
        1 => bytes[0],
        _ => 0,
    };

    static ulong Fold(ulong value)
    {
        var high = Math.BigMul(value ^ 0x2D358DCCAA6C78A5, 0x8BB84B93962EACC9, out ulong low);
        return high ^ low;
    }

    static ulong Mix(ulong value)
    {
        value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD;
        return value ^ value >> 29;
    }
}

/// <summary>A sink that keeps nothing but a hash of every value: what benchmarks map into, and what loaded rows are compared with.</summary>
public sealed class HashSink : IRowSink
{
    readonly Dictionary<string, (TableHash Hash, ulong[] Columns)> tables = [];

    /// <summary>The hashes, by table name.</summary>
    public IEnumerable<TableHash> Tables => tables.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value.Hash);

    public long Rows => tables.Values.Sum(t => t.Hash.Rows);

    public void Write(RowBatch batch)
    {
        if (!tables.TryGetValue(batch.Table.Name, out var table))
        {
            var hash = new TableHash(batch.Table.Name);
            table = (hash, [.. batch.Table.Columns.Select(c => hash.Column(c.Name))]);
            tables.Add(batch.Table.Name, table);
        }
        Span<byte> room = stackalloc byte[CanonicalText.BytesMax];
        for (var row = 0; row < batch.Count; row++)
        {
            for (var c = 0; c < table.Columns.Length; c++)
            {
                var column = batch.Columns[c];
                if (!column.IsNull(row))
                    table.Hash.Add(table.Columns[c], CanonicalText.Utf8(column, row, room));
            }
            table.Hash.EndRow();
        }
    }

    /// <summary>One line per table: name, rows, hash.</summary>
    public override string ToString() => string.Join('\n', Tables);
}
