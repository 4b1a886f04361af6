using Npgsql;

namespace DistributorHub.Faults;

/// <summary>A backend that waits in a step.</summary>
/// <param name="Process">Its process on the server.</param>
/// <param name="Worker">The worker it works for.</param>
/// <param name="Since">When its transaction or statement began: the same later means that it has not moved.</param>
sealed record Waiting(int Process, string Worker, DateTime Since);

/// <summary>
/// Makes steps of the program wait in the database, from outside: triggers that stop at a lock the harness holds. A step that is seen waiting
/// there is proof of where the program is.
/// </summary>
sealed class Gate(string hub, string seller)
{
    const string Install = """
        create schema if not exists fault;
        create table if not exists fault.armed (point text, skip integer not null, error text);
        create sequence if not exists fault.hits;
        insert into fault.armed values (null, 0, null);
        create or replace function fault.gate() returns trigger language plpgsql as $$
        declare armed fault.armed;
        begin
          select * into armed from fault.armed;
          if armed.point = tg_argv[0] and nextval('fault.hits') > armed.skip then
            if armed.error is not null then
              raise exception 'the harness refuses this write' using errcode = armed.error;
            end if;
            perform pg_advisory_xact_lock_shared(7734, 1);
          end if;
          return new;
        end $$;
        """;

    /// <summary>Lays the triggers; once for each pair of databases.</summary>
    public async Task Prepare(CancellationToken cancellation)
    {
        foreach (var side in Enum.GetValues<Side>())
        {
            await using var connection = await Open(side, cancellation);
            await Run(connection, Install, cancellation);
            foreach (var point in Point.All.Where(point => point.Side == side && point.Lock is null))
                await Run(connection, Trigger(point), cancellation);
        }
    }

    static string Trigger(Point point)
    {
        var (happening, condition) = point.When.Split('|') is [var first, var second] ? (first, $"when ({second}) ") : (point.When, "");
        return point.AtCommit
            ? $"create constraint trigger \"fault {point.Name}\" after {happening} on {point.Table} deferrable initially deferred for each row {condition}execute function fault.gate('{point.Name}')"
            : $"create trigger \"fault {point.Name}\" before {happening} on {point.Table} for each row {condition}execute function fault.gate('{point.Name}')";
    }

    /// <summary>From now on the step waits, after some that pass.</summary>
    public async Task<Closed> Close(Point point, int skip, CancellationToken cancellation)
    {
        var connection = await Open(point.Side, cancellation);
        var transaction = await connection.BeginTransactionAsync(cancellation);
        if (point.Lock is { } text)
        {
            await Run(connection, text, cancellation);
            return new(this, point, connection, transaction);
        }
        await Run(connection, "select pg_advisory_xact_lock(7734, 1)", cancellation);
        await Arm(point, skip, null, cancellation);
        return new(this, point, connection, transaction);
    }

    /// <summary>From now on the step fails with an SQLSTATE, after some that pass.</summary>
    public Task Refuse(Point point, int skip, string error, CancellationToken cancellation) => Arm(point, skip, error, cancellation);

    public async Task Disarm(CancellationToken cancellation)
    {
        foreach (var side in Enum.GetValues<Side>())
        {
            await using var connection = await Open(side, cancellation);
            await Run(connection, "update fault.armed set point = null, error = null", cancellation);
        }
    }

    /// <summary>How often the armed step was come to.</summary>
    public async Task<long> Hits(Side side, CancellationToken cancellation)
    {
        await using var connection = await Open(side, cancellation);
        await using var command = new NpgsqlCommand("select case when is_called then last_value else 0 end from fault.hits", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    async Task Arm(Point point, int skip, string? error, CancellationToken cancellation)
    {
        await using var connection = await Open(point.Side, cancellation);
        await using var command = new NpgsqlCommand("select setval('fault.hits', 1, false); update fault.armed set point = @point, skip = @skip, error = @error", connection);
        command.Parameters.AddWithValue("point", point.Name);
        command.Parameters.AddWithValue("skip", skip);
        command.Parameters.Add(new("error", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)error ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    async Task<NpgsqlConnection> Open(Side side, CancellationToken cancellation)
    {
        // Not pooled: restarts of the server would leave broken ones.
        var connection = new NpgsqlConnection((side == Side.Hub ? hub : seller) + ";Pooling=false;Application Name=harness");
        await connection.OpenAsync(cancellation);
        return connection;
    }

    static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A step that is held up until it is opened.</summary>
    public sealed class Closed(Gate gate, Point point, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        const string Find = """
            select a.pid, a.application_name, coalesce(a.xact_start, a.query_start) from pg_stat_activity a
            where a.datname = current_database() and a.pid <> pg_backend_pid() and a.wait_event_type = 'Lock'
            """;

        /// <summary>Who waits there now, the first first.</summary>
        public async Task<IReadOnlyList<Waiting>> Look(CancellationToken cancellation)
        {
            await using var own = await gate.Open(point.Side, cancellation);
            await using var command = new NpgsqlCommand(Find + (point.Lock is null
                ? """
                   and exists (select 1 from pg_locks l where l.pid = a.pid and l.locktype = 'advisory' and l.classid = 7734 and l.objid = 1 and not l.granted)
                  """
                : " and a.query like @statement || '%'") + " order by 3", own);
            if (point.Waits is { } statement)
                command.Parameters.AddWithValue("statement", statement);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var waiting = new List<Waiting>();
            while (await reader.ReadAsync(cancellation))
                waiting.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetDateTime(2)));
            return waiting;
        }

        /// <summary>Ends a backend, so that what it waited to do is never done.</summary>
        public async Task Terminate(Waiting waiting, CancellationToken cancellation)
        {
            await using var own = await gate.Open(point.Side, cancellation);
            await using var command = new NpgsqlCommand("select pg_terminate_backend(@pid)", own);
            command.Parameters.AddWithValue("pid", waiting.Process);
            await command.ExecuteScalarAsync(cancellation);
        }

        /// <summary>Opens the gate: whoever waits goes on.</summary>
        public async ValueTask DisposeAsync()
        {
            try
            {
                await gate.Disarm(CancellationToken.None);
                await transaction.RollbackAsync();
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                // The server was restarted, which opens every gate; what is armed is disarmed before the next round.
            }
            await connection.DisposeAsync();
        }
    }
}
