using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace DistributorHub.Worker.Access;

/// <summary>The keys that cookies and forms are protected with, in the hub database: all workers have the same, and a session outlives each of them.</summary>
sealed class ProtectionKeys(Database database, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.Open(CancellationToken.None).GetAwaiter().GetResult();
        return [.. connection.Query<string>("select xml from protection_key order by created_at, name").Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.Open(CancellationToken.None).GetAwaiter().GetResult();
        connection.Execute(
            "insert into protection_key (name, xml, created_at) values (@friendlyName, @Xml, @Now) on conflict (name) do nothing",
            new { friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting), Now = clock.GetUtcNow() });
    }
}
