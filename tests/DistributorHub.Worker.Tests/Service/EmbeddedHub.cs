using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;

namespace DistributorHub.Worker.Tests.Service;

/// <summary>The databases and the dashboard of a program that runs with its own SQLite files.</summary>
static class EmbeddedHub
{
    public const string RequeuePath = "/hangfire/jobs/failed/requeue";

    /// <summary>The first value of a query's answer as text; empty when there is none, or when the database is not there or not migrated yet.</summary>
    public static async Task<string> Query(string file, string sql)
    {
        if (!File.Exists(file))
            return "";
        using var database = new Database($"Data Source={file}");
        await using var connection = await database.Open(TestContext.Current.CancellationToken);
        try
        {
            return await connection.ExecuteScalarAsync<string?>(sql) ?? "";
        }
        catch (SqliteException e) when (e.Message.Contains("no such table", StringComparison.Ordinal))
        {
            return "";
        }
    }

    public static FormUrlEncodedContent Jobs(string job) => new([new("jobs[]", job)]);

    /// <summary>Requeues a failed job as the dashboard's page does, with the page's token.</summary>
    public static async Task<HttpStatusCode> Requeue(HttpClient browser, string job)
    {
        var page = await browser.GetStringAsync("/hangfire/jobs/failed", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, RequeuePath) { Content = Jobs(job) };
        request.Headers.Add(Meta("csrf-header"), Meta("csrf-token"));
        using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;

        string Meta(string name) => Regex.Match(page, $"<meta name=\"{name}\" content=\"([^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
    }

    /// <summary>Deletes the folder that the databases are in.</summary>
    public static void Delete(string folder)
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
