using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using DistributorHub.Worker.Ledger;

namespace DistributorHub.Worker.Search;

/// <summary>A line of the list: the exchange, and the first of what is in it.</summary>
/// <param name="Exchange">The file.</param>
/// <param name="Documents">Some of its documents: the first, and those of the number that was searched for.</param>
/// <param name="Count">How many documents there are.</param>
/// <param name="Reference">Control number of its first interchange, or null.</param>
/// <param name="Tries">Attempts so far.</param>
/// <param name="Acknowledged">True when an acknowledgement is sent, false when it waits; null when none is due.</param>
sealed record ExchangeLine(
    ExchangeRow Exchange, IReadOnlyList<DocumentRow> Documents, long Count, string? Reference, int Tries, bool? Acknowledged);

/// <summary>One page of the list.</summary>
/// <param name="Lines">The newest first.</param>
/// <param name="More">True when there are older ones.</param>
sealed record ExchangePage(IReadOnlyList<ExchangeLine> Lines, bool More);

/// <summary>
/// Finds exchanges among very many: every condition has an index whose order is that of the list, so that a page costs what it shows and not what there is.
/// </summary>
sealed class ExchangeSearch(Hub hub)
{
    public const int PageSize = 50;

    /// <summary>Most exchanges that one kind of match gives, the newest; all of a common beginning of file names are not looked through.</summary>
    public const int MatchesMax = 5_000;

    const int DocumentsShown = 3;

    // Clocks of several workers: the first exchange of a time span is looked for among as many.
    public const int Disorder = 200;

    readonly bool sqlite = hub.Database.Engine == Engine.Sqlite;

    public async Task<ExchangePage> Find(ExchangeFilters filters, CancellationToken cancellation)
    {
        await using var connection = await hub.Database.Open(cancellation);
        var (ids, parameters) = Ids(filters, PageSize + 1, await Look(connection, filters, cancellation));
        var exchanges = (await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"select {Exchanges.Columns} from exchange where id in ({ids}) order by id desc", parameters, cancellationToken: cancellation))).AsList();
        var shown = exchanges.Take(PageSize).ToList();
        if (shown.Count == 0)
            return new([], More: false);
        var (list, of) = Numbers(shown);
        of.Add("Shown", DocumentsShown);
        of.Add("Number", filters.Text);
        var documents = (await connection.QueryAsync<ShownDocument>(new CommandDefinition(
            $"""
            select exchange_id, ordinal, type, release, reference, number, stated_number, state, cause from document
            where exchange_id in ({list}) and (ordinal <= @Shown or lower(number) = lower(@Number) or lower(stated_number) = lower(@Number))
            order by exchange_id, ordinal
            """, of, cancellationToken: cancellation))).ToLookup(document => document.ExchangeId);
        var facts = (await connection.QueryAsync<Facts>(new CommandDefinition(
            $"""
            select e.id, (select max(d.ordinal) from document d where d.exchange_id = e.id) as documents,
                (select i.reference from interchange i where i.exchange_id = e.id order by i.ordinal limit 1) as reference,
                (select count(*) from attempt a where a.exchange_id = e.id) as tries,
                (select count(*) from outbox o where o.exchange_id = e.id and o.kind = 'SendAcknowledgement') as answers,
                (select count(*) from outbox o where o.exchange_id = e.id and o.kind = 'SendAcknowledgement' and o.done_at is null) as waiting
            from exchange e where e.id in ({list})
            """, of, cancellationToken: cancellation))).ToDictionary(fact => fact.Id);
        return new([.. shown.Select(exchange => Line(exchange, [.. documents[exchange.Id]], facts[exchange.Id]))], exchanges.Count > PageSize);
    }

    /// <summary>Exchanges that match, the newest first.</summary>
    public async Task<IReadOnlyList<ExchangeRow>> All(ExchangeFilters filters, int most, CancellationToken cancellation)
    {
        await using var connection = await hub.Database.Open(cancellation);
        var (ids, parameters) = Ids(filters, most, await Look(connection, filters, cancellation));
        return (await connection.QueryAsync<ExchangeRow>(new CommandDefinition(
            $"select {Exchanges.Columns} from exchange where id in ({ids}) order by id desc", parameters, cancellationToken: cancellation))).AsList();
    }

    static ExchangeLine Line(ExchangeRow exchange, IReadOnlyList<DocumentRow> documents, Facts facts) => new(
        exchange, documents, facts.Documents ?? 0, facts.Reference, facts.Tries, facts.Answers == 0 ? null : facts.Waiting == 0);

    /// <summary>The query for the numbers of a page, and its parameters. Each state has an index of its own to walk, newest first.</summary>
    (string Sql, DynamicParameters Parameters) Ids(ExchangeFilters filters, int most, Frequency how)
    {
        var parameters = new DynamicParameters();
        parameters.Add("Most", most);
        var conditions = Conditions(filters, parameters, how);
        var states = filters.States;
        if (states.Count == 0)
            return (One(conditions), parameters);
        for (var i = 0; i < states.Count; i++)
            parameters.Add($"State{i}", states[i].ToString());
        var each = Enumerable.Range(0, states.Count).Select(i => $"select id from ({One([.. conditions, $"state = @State{i}"])}) as s{i}");
        return ($"select id from ({string.Join(" union all ", each)}) as every order by id desc limit @Most", parameters);

        static string One(IReadOnlyList<string> conditions) =>
            $"select id from exchange{(conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}")} order by id desc limit @Most";
    }

    List<string> Conditions(ExchangeFilters filters, DynamicParameters parameters, Frequency how)
    {
        var conditions = new List<string>();
        if (filters.Partner is not null)
            Add("partner = @Partner", "Partner", filters.Partner);
        if (filters.Before is not null)
            Add("id < @Before", "Before", filters.Before);
        if (filters.Outgoing is not null)
            Add("outgoing = @Outgoing", "Outgoing", filters.Outgoing);
        if (filters.Cause is not null)
            Add("cause = @Cause", "Cause", filters.Cause);
        if (filters.Span is { } span)
        {
            Add("created_at >= @Since", "Since", hub.Clock.GetUtcNow() - span);
            conditions.Add($"id >= (select coalesce(min(id), 0) from (select id from exchange where created_at >= @Since order by created_at limit {Disorder}) as young)");
        }
        if (filters.From is { } from)
        {
            Add("created_at >= @From", "From", Midnight(from));
            conditions.Add($"id >= (select coalesce(min(id), 0) from (select id from exchange where created_at >= @From order by created_at limit {Disorder}) as first)");
        }
        if (filters.Until is { } until)
        {
            Add("created_at < @Until", "Until", Midnight(until.AddDays(1)));
            conditions.Add($"id <= (select coalesce(max(id), 0) from (select id from exchange where created_at < @Until order by created_at desc limit {Disorder}) as last)");
        }
        if (filters.Type is { } type)
            Add(how.FewOfType ? "id in (select exchange_id from document where type = @Type)" : "exists (select 1 from document d where d.exchange_id = exchange.id and d.type = @Type)", "Type", type);
        if (filters.Code is { } code)
            Add(how.FewOfCode ? $"id in (select exchange_id from finding where code = @Code and {LastRun})"
                : $"exists (select 1 from finding where finding.exchange_id = exchange.id and code = @Code and {LastRun})", "Code", code);
        if (filters.Text is { } text)
            conditions.Add($"id in ({Matches(text, parameters, how.CommonName)})");
        return conditions;

        static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(default), TimeSpan.Zero);

        void Add(string condition, string name, object value)
        {
            conditions.Add(condition);
            parameters.Add(name, value);
        }
    }

    // What an earlier run has found may be mended.
    const string LastRun = "attempt_id = (select max(a.id) from attempt a where a.exchange_id = finding.exchange_id)";

    /// <summary>How often what is asked for occurs: the seldom is looked up by its index, the frequent is met soon on the way through the list.</summary>
    readonly record struct Frequency(bool CommonName, bool FewOfType, bool FewOfCode);

    async Task<Frequency> Look(DbConnection connection, ExchangeFilters filters, CancellationToken cancellation)
    {
        return new(await IsCommon(connection, filters.Text, cancellation),
            filters.Type is { } type && await IsFew("document where type = @value", type), filters.Code is { } code && await IsFew("finding where code = @value", code));

        async Task<bool> IsFew(string rows, string value) => await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"select count(*) from (select 1 from {rows} limit @Most) as counted", new { value, Most = MatchesMax + 1 }, cancellationToken: cancellation)) <= MatchesMax;
    }

    /// <summary>What a person types: the number of a document or an exchange, a control number, an item, the beginning of a file's name, a partner.</summary>
    string Matches(string text, DynamicParameters parameters, bool isCommon)
    {
        parameters.Add("Text", text);
        // The first text after all that begin so: bytes are compared, and none of UTF-8 is as large.
        parameters.Add("After", text + "\uFFFF");
        parameters.Add("Matches", MatchesMax);
        var matches = new List<string>
        {
            "select exchange_id as id from document where lower(number) = lower(@Text)",
            "select exchange_id as id from document where lower(stated_number) = lower(@Text)",
            "select exchange_id as id from interchange where reference = @Text",
            $"select id from exchange{(isCommon && sqlite ? " not indexed" : "")} where {Named}",
        };
        if (long.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            parameters.Add("Id", number);
            matches.Add("select id from exchange where id = @Id");
        }
        if (Flow.ItemCodes.Normal(text) is { } item)
        {
            parameters.Add("Item", item);
            matches.Add("select exchange_id as id from document_item where code = @Item");
        }
        if (hub.Partners.Book.Partners.FirstOrDefault(partner => Is(partner.Id) || Is(partner.Name)) is { } named)
        {
            parameters.Add("Whose", named.Id);
            matches.Add("select id from exchange where partner = @Whose");
        }
        return string.Join(" union ", matches.Select((match, i) => $"select id from ({match} order by id desc limit @Matches) as m{i}"));

        bool Is(string name) => string.Equals(name, text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// True when so many names begin with the text that the newest of them are found sooner by walking through the exchanges than by sorting all matches.
    /// PostgreSQL sees that by itself.
    /// </summary>
    async Task<bool> IsCommon(DbConnection connection, string? text, CancellationToken cancellation) =>
        sqlite && text is not null && await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"select count(*) from (select 1 from exchange where {Named} limit @Most) as counted",
            new { Text = text, After = text + "\uFFFF", Most = MatchesMax + 1 }, cancellationToken: cancellation)) > MatchesMax;

    string Named => $"{File} >= lower(@Text) and {File} < lower(@After)";

    // Names are compared by their bytes on both engines, as the index on them is ordered.
    string File => sqlite ? "lower(file)" : "lower(file) collate \"C\"";

    /// <summary>A list of parameters that stands for these exchanges in a query.</summary>
    static (string List, DynamicParameters Parameters) Numbers(List<ExchangeRow> exchanges)
    {
        var parameters = new DynamicParameters();
        var list = new StringBuilder();
        for (var i = 0; i < exchanges.Count; i++)
        {
            list.Append(i == 0 ? "" : ", ").Append("@n").Append(i);
            parameters.Add($"n{i}", exchanges[i].Id);
        }
        return (list.ToString(), parameters);
    }

    sealed record ShownDocument : DocumentRow
    {
        public long ExchangeId { get; init; }
    }

    sealed class Facts
    {
        public long Id { get; init; }
        public long? Documents { get; init; }
        public string? Reference { get; init; }
        public int Tries { get; init; }
        public long Answers { get; init; }
        public long Waiting { get; init; }
    }
}
