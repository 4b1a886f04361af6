using System.Diagnostics;
using DistributorHub.Worker.Partners;
using DistributorHub.Worker.Receive;

namespace DistributorHub.Worker.Web;

/// <summary>One thing that a check of a partner's side tried.</summary>
/// <param name="Name">What.</param>
/// <param name="Fine">Whether it went well.</param>
/// <param name="Fact">What was found.</param>
/// <param name="Took">How long it took.</param>
public sealed record Checked(string Name, bool Fine, string Fact, TimeSpan Took);

/// <summary>Tries a partner's side as <c>hub partner check</c> does: the connection and the sign-in, the listing, the rights.</summary>
static class PartnerCheck
{
    static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(20);

    public static async Task<IReadOnlyList<Checked>> Run(Hub hub, PartnerDefinition partner, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeMax);
        var done = new List<Checked>();
        var clock = Stopwatch.StartNew();
        try
        {
            await using var source = await hub.Sources.Open(partner, limit.Token);
            Add("Sign-in", true, partner.Source.Kind == SourceKind.Folder ? partner.Source.Path : $"{partner.Source.Host}:{partner.Source.Port}, host key as agreed");
            var files = await source.List(limit.Token);
            Add("Listing", true, Show.Count(files.Count, "file waits", "files wait"));
            foreach (var right in await WriteRights.Try(source, partner, hub.Clock.GetUtcNow(), limit.Token))
                Add("Rights", right.Granted, right.Sentence);
        }
        catch (SourceException e)
        {
            Add(e.Fault.ToString(), false, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Add("Time", false, $"No answer within {TimeMax.TotalSeconds} seconds.");
        }
        return done;

        void Add(string name, bool fine, string fact)
        {
            done.Add(new(name, fine, fact, clock.Elapsed));
            clock.Restart();
        }
    }
}
