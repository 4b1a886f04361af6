using DistributorHub.Worker.Flow;

namespace DistributorHub.Worker.Web;

/// <summary>Which partners' agreements name a map.</summary>
static class MapUsers
{
    public static IReadOnlyList<string> Of(PartnerMaps partners, string map) =>
        [.. partners.Book.Partners.Where(partner => partner.Routes.Any(route => route.Map == map) || partner.Sends.Any(send => send.Map == map)).Select(partner => partner.Id)];
}
