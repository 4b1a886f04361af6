using System.Data.Common;
using System.Globalization;
using Dapper;

namespace DistributorHub.Worker.Ledger;

/// <summary>Numbers of interchanges that a partner left out.</summary>
sealed record SequenceGap
{
    public string Partner { get; init; } = "";
    public string Standard { get; init; } = "";
    public string Sender { get; init; } = "";
    public string Recipient { get; init; } = "";
    public long FirstNumber { get; init; }
    public long LastNumber { get; init; }
    public long NoticedBy { get; init; }
    public DateTimeOffset NoticedAt { get; init; }
    public long? FilledBy { get; init; }
    public DateTimeOffset? FilledAt { get; init; }
}

/// <summary>What the number of an interchange tells.</summary>
/// <param name="Gaps">Numbers that its exchange found left out, and that came, if they did, later.</param>
/// <param name="Filled">A number that was left out before, and is this one's; or null.</param>
/// <param name="RestartedAfter">The highest number before, when the count begins anew; or null.</param>
/// <param name="AwaitsOthers">True when files that came before this one are not read yet, so that the numbers may be in them.</param>
sealed record SequenceNotice(IReadOnlyList<SequenceGap> Gaps, SequenceGap? Filled, long? RestartedAfter, bool AwaitsOthers);

/// <summary>
/// Interchange control numbers of each sender to each recipient in a standard: those that are left out are kept until they come. What is no number, or was
/// seen before, says nothing here.
/// </summary>
sealed class Sequences(Database database)
{
    // A count that begins anew does so at its lower end, with a number that nobody has used before, or after the end of nine digits.
    const long RestartBelow = 10, NearTheEnd = 999_999_000;

    const string Key = "partner = @Partner and standard = @Standard and sender = @Sender and recipient = @Recipient";

    const string Columns = "partner, standard, sender, recipient, first_number, last_number, noticed_by, noticed_at, filled_by, filled_at";

    /// <summary>Takes the number of an interchange into account, in the transaction that writes the interchange. A run that is repeated is told the same again.</summary>
    public static async Task<SequenceNotice?> Note(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, InterchangeRow interchange, DateTimeOffset now, CancellationToken cancellation) =>
        long.TryParse(interchange.Reference, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await new Look(connection, transaction, run, interchange, number, now, cancellation).Take() : null;

    /// <summary>Numbers that are left out and did not come, the newest first.</summary>
    public async Task<IReadOnlyList<SequenceGap>> Open(string? partner, int most, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        return (await connection.QueryAsync<SequenceGap>(new CommandDefinition(
            $"select {Columns} from sequence_gap where filled_by is null and (@partner is null or partner = @partner) order by noticed_at desc, first_number limit @most",
            new { partner, most }, cancellationToken: cancellation))).AsList();
    }

    /// <summary>One number, looked at in a transaction.</summary>
    sealed class Look(
        DbConnection connection, DbTransaction transaction, ExchangeRun run, InterchangeRow interchange, long number, DateTimeOffset now, CancellationToken cancellation)
    {
        public async Task<SequenceNotice?> Take()
        {
            // The row is locked until the transaction ends, whichever branch it took.
            var last = await One<long?>(
                """
                insert into sequence_state (partner, standard, sender, recipient, last_number, changed_at) values (@Partner, @Standard, @Sender, @Recipient, @Number, @Now)
                on conflict (partner, standard, sender, recipient) do update set changed_at = sequence_state.changed_at
                returning case when changed_at = @Now and last_number = @Number then null else last_number end
                """);
            var restarted = last is { } highest ? await Compare(highest) : null;
            var gaps = await All($"select {Columns} from sequence_gap where {Key} and noticed_by = @Exchange and last_number = @Number - 1 order by first_number");
            var filled = (await All($"select {Columns} from sequence_gap where {Key} and filled_by = @Exchange and first_number = @Number")).FirstOrDefault();
            var awaits = gaps.Count > 0 && await One<bool>(
                "select exists (select 1 from exchange where partner = @Partner and not outgoing and ended_at is null and id < @Exchange)");
            return gaps.Count == 0 && filled is null && restarted is null ? null : new(gaps, filled, restarted, awaits);
        }

        /// <summary>The highest number before, when the count begins anew.</summary>
        async Task<long?> Compare(long highest)
        {
            if (number > highest + 1)
                await Run(
                    """
                    insert into sequence_gap (partner, standard, sender, recipient, first_number, last_number, noticed_by, noticed_at)
                    values (@Partner, @Standard, @Sender, @Recipient, @First, @Last, @Exchange, @Now) on conflict do nothing
                    """, ("First", highest + 1), ("Last", number - 1));
            var isFilled = number < highest && await Fill();
            var isAnew = number < highest && number <= RestartBelow && !isFilled && run.Kind == AttemptKind.First && (highest >= NearTheEnd || !await One<bool>(
                """
                select exists (select 1 from interchange where standard = @Standard and sender = @Sender and recipient = @Recipient and reference = @Reference
                    and exchange_id <> @Exchange)
                """));
            if (number > highest || isAnew)
                await Run($"update sequence_state set last_number = @Number, changed_at = @Now where {Key}");
            return isAnew ? highest : null;
        }

        /// <summary>Splits the gap the number lies in around it; false when it lies in none.</summary>
        async Task<bool> Fill()
        {
            if ((await All($"select {Columns} from sequence_gap where {Key} and filled_by is null and first_number <= @Number and last_number >= @Number")) is not [var gap, ..])
                return false;
            await Run($"delete from sequence_gap where {Key} and first_number = @First and noticed_by = @NoticedBy", ("First", gap.FirstNumber), ("NoticedBy", gap.NoticedBy));
            await Part(gap, gap.FirstNumber, number - 1, filled: false);
            await Part(gap, number, number, filled: true);
            await Part(gap, number + 1, gap.LastNumber, filled: false);
            return true;
        }

        async Task Part(SequenceGap gap, long from, long to, bool filled)
        {
            if (from > to)
                return;
            await Run(
                $"""
                insert into sequence_gap ({Columns})
                values (@Partner, @Standard, @Sender, @Recipient, @From, @To, @NoticedBy, @NoticedAt, @FilledBy, @FilledAt) on conflict do nothing
                """,
                ("From", from), ("To", to), ("NoticedBy", gap.NoticedBy), ("NoticedAt", gap.NoticedAt),
                ("FilledBy", filled ? run.Exchange.Id : null), ("FilledAt", filled ? now : null));
        }

        Task<T?> One<T>(string sql) => connection.ExecuteScalarAsync<T?>(new CommandDefinition(sql, Parameters(), transaction, cancellationToken: cancellation));

        async Task<List<SequenceGap>> All(string sql) =>
            (await connection.QueryAsync<SequenceGap>(new CommandDefinition(sql, Parameters(), transaction, cancellationToken: cancellation))).AsList();

        Task<int> Run(string sql, params (string Name, object? Value)[] more)
        {
            var parameters = Parameters();
            foreach (var (name, value) in more)
                parameters.Add(name, value);
            return connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellation));
        }

        DynamicParameters Parameters() => new(new
        {
            run.Exchange.Partner,
            interchange.Standard,
            interchange.Sender,
            interchange.Recipient,
            interchange.Reference,
            Number = number,
            Exchange = run.Exchange.Id,
            Now = now,
        });
    }
}
