using System.Reflection;

namespace DistributorHub.Worker.Ledger;

/// <summary>The .sql files the program carries. A missing one fails when its user's static fields are made.</summary>
static class SqlText
{
    const string Prefix = "sql/";
    static readonly Assembly Assembly = typeof(SqlText).Assembly;

    /// <summary>Text of a file of this folder's <c>Sql</c>, without its ending.</summary>
    public static string Query(string name) => Read($"Ledger/Sql/{name}.sql");

    /// <summary>Text of a query that each engine spells in its own way.</summary>
    public static string Query(string name, Engine engine) => Query($"{name}.{Suffix(engine)}");

    /// <summary>Paths of the migrations an engine runs, in order: those for both, and those named for it.</summary>
    public static IReadOnlyList<string> Migrations(Engine engine)
    {
        var other = Suffix(engine == Engine.Sqlite ? Engine.PostgreSql : Engine.Sqlite);
        return [.. Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix + "Ledger/Schema/", StringComparison.Ordinal)
                && !name.EndsWith($".{other}.sql", StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])
            .Order(StringComparer.Ordinal)];
    }

    public static string Read(string path)
    {
        using var stream = Assembly.GetManifestResourceStream(Prefix + path)
            ?? throw new FileNotFoundException($"The program carries no '{path}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    static string Suffix(Engine engine) => engine == Engine.PostgreSql ? "postgres" : "sqlite";
}
