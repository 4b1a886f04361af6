using DistributorHub.Mapping.Rows;
using DistributorHub.Mapping.Targets;
using Npgsql;
using NpgsqlTypes;

namespace DistributorHub.Worker.Load;

/// <summary>A batch of rows as arrays, one for each column of its staging table.</summary>
static class PostgresArrays
{
    public static NpgsqlParameter[] Of(RowBatch batch) =>
    [
        Array(NpgsqlDbType.Bigint, batch.Row.ToArray()),
        Array(NpgsqlDbType.Bigint, batch.ParentRow.ToArray()),
        Array(NpgsqlDbType.Integer, batch.Segment.ToArray()),
        Array(NpgsqlDbType.Bigint, batch.Offset.ToArray()),
        .. batch.Columns.Select(column => Of(column, batch.Count)),
    ];

    static NpgsqlParameter Of(ColumnBuffer column, int rows) => column.Definition.Kind switch
    {
        ColumnKind.Text => Array(NpgsqlDbType.Text, Values(rows, row => column.IsNull(row) ? null : column.Text(row))),
        ColumnKind.Int => Array(NpgsqlDbType.Bigint, Values(rows, row => column.IsNull(row) ? default(long?) : column.Int(row))),
        ColumnKind.Numeric => Array(NpgsqlDbType.Numeric, Values(rows, row => column.IsNull(row) ? default(decimal?) : column.Numeric(row))),
        ColumnKind.Date => Array(NpgsqlDbType.Date, Values(rows, row => column.IsNull(row) ? default(DateOnly?) : column.Date(row))),
        ColumnKind.Time => Array(NpgsqlDbType.Time, Values(rows, row => column.IsNull(row) ? default(TimeOnly?) : column.Time(row))),
        ColumnKind.Timestamp => Array(NpgsqlDbType.TimestampTz, Values(rows, row => column.IsNull(row) ? default(DateTime?) : column.Timestamp(row))),
        _ => Array(NpgsqlDbType.Boolean, Values(rows, row => column.IsNull(row) ? default(bool?) : column.Bool(row))),
    };

    static T[] Values<T>(int rows, Func<int, T> value)
    {
        var values = new T[rows];
        for (var row = 0; row < rows; row++)
            values[row] = value(row);
        return values;
    }

    static NpgsqlParameter Array<T>(NpgsqlDbType element, T[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
