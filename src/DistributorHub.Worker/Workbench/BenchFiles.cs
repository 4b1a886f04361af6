using System.Globalization;
using Dapper;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Web.Queries;

namespace DistributorHub.Worker.Workbench;

/// <summary>A file that a map is tried on.</summary>
/// <param name="On">How an address names it: an exchange and a document in it (<c>12-1</c>), or the name of a golden test.</param>
/// <param name="Name">Its name.</param>
/// <param name="Partner">Whose it is; null for a sample of nobody's.</param>
sealed record BenchFile(string On, string Name, string? Partner)
{
    /// <summary>Opens it from its first byte; null when it cannot be tried, for the reason in <see cref="Refusal"/>.</summary>
    public Func<Stream>? Open { get; init; }

    public string? Refusal { get; init; }

    public long Bytes { get; init; }

    /// <summary>Ordinal of the message that is tried; null = all, and the first is shown.</summary>
    public int? Document { get; init; }

    /// <summary>Byte that the message starts at.</summary>
    public long At { get; init; }

    /// <summary>The exchange it came with, or null.</summary>
    public long? Exchange { get; init; }
}

/// <summary>A file that may be chosen.</summary>
public sealed record BenchChoice(string On, string Label);

/// <summary>Finds files to try a map on: the newest that it took, and those of its golden tests.</summary>
sealed class BenchFiles(Hub hub, ExchangeDetailQueries queries)
{
    const int ExchangesMax = 1_000, DocumentsMax = 12;

    /// <summary>Files for a map, the newest exchange first.</summary>
    /// <param name="map">The map.</param>
    /// <param name="partner">Whose exchanges only; null = all.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<IReadOnlyList<BenchChoice>> Choices(MapFile map, string? partner, CancellationToken cancellation)
    {
        await using var connection = await hub.Database.Open(cancellation);
        var documents = await connection.QueryAsync<UsedBy>(new CommandDefinition(
            $"""
            select d.exchange_id, d.ordinal, d.type, coalesce(d.number, d.stated_number, d.reference) as name, d.state, e.partner, e.created_at
            from (select id, partner, created_at from exchange where not outgoing{(partner is null ? "" : " and partner = @partner")} order by id desc limit {ExchangesMax}) e
            join document d on d.exchange_id = e.id
            where d.map = @Id order by e.id desc, d.ordinal limit {DocumentsMax}
            """, new { map.Id, partner }, cancellationToken: cancellation));
        return
        [
            .. documents.Select(one => new BenchChoice($"{one.ExchangeId}-{one.Ordinal}", $"{one.Type} {one.Name} of {one.Partner}, {one.State.ToString().ToLowerInvariant()}, {Web.Show.Time(one.CreatedAt)}")),
            .. Samples(map).Select(test => new BenchChoice(test.Name, $"sample {test.Name}")),
        ];
    }

    /// <summary>Golden tests with a file that comes in, of the map, of one that extends it, or of a partner whose agreements name either.</summary>
    IEnumerable<GoldenTest> Samples(MapFile map)
    {
        var library = MapFolder.Open(hub.Settings.Mappings, DefinitionFolder.Open(hub.Settings));
        return GoldenTests.Find(hub.Settings.Mappings).Where(test => test is { IsDocument: false, Input: not null } && Leads(test)).OrderBy(test => test.Map != map.Id);

        bool Leads(GoldenTest test) => test.Map is { } own ? library.Chain(own).Contains(map.Id)
            : hub.Partners.Find(test.Partner!)?.Routes.Any(route => library.Chain(route.Map).Contains(map.Id)) == true;
    }

    /// <summary>The file of this name; null when there is none.</summary>
    public async Task<BenchFile?> Find(string on, CancellationToken cancellation)
    {
        if (on.Split('-') is [var exchange, var document] && long.TryParse(exchange, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && int.TryParse(document, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal))
            return await queries.Read(id, cancellation) is { Exchange.Outgoing: false } detail && detail.Documents.FirstOrDefault(one => one.Ordinal == ordinal) is { } row
                ? await Received(on, detail.Exchange, row, cancellation) : null;
        return GoldenTests.Find(hub.Settings.Mappings).FirstOrDefault(test => test.Name == on) is { IsDocument: false, Input: { } input } sample
            ? Limited(new(on, input.Name, sample.Partner is { } partner && hub.Partners.Find(partner) is not null ? partner : null) { Bytes = input.Length, Open = input.OpenRead }) : null;
    }

    async Task<BenchFile> Received(string on, ExchangeRow exchange, DocumentRow row, CancellationToken cancellation)
    {
        var file = new BenchFile(on, exchange.File, exchange.Partner) { Bytes = exchange.Bytes, Document = row.Ordinal, At = row.AtOffset, Exchange = exchange.Id };
        return await hub.Archive.Removed(exchange.Sha256, cancellation) is { } removed ? file with { Refusal = removed }
            : Limited(file with { Open = () => hub.Archive.Open(exchange.Sha256, CancellationToken.None).GetAwaiter().GetResult() });
    }

    static BenchFile Limited(BenchFile file) => file.Bytes <= Bench.FileBytesMax ? file
        : file with { Open = null, Refusal = $"The file has {Web.Show.Bytes(file.Bytes)}, and {Web.Show.Bytes(Bench.FileBytesMax)} at most are tried." };

    sealed record UsedBy
    {
        public long ExchangeId { get; init; }
        public int Ordinal { get; init; }
        public string Type { get; init; } = "";
        public string Name { get; init; } = "";
        public DocumentState State { get; init; }
        public string Partner { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
    }
}
