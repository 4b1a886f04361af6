using Dapper;

namespace DistributorHub.Worker;

/// <summary>Lists of values behind <c>in</c>, a parameter for each value: what Dapper makes of a list differs between the two engines.</summary>
static class SqlList
{
    /// <summary>Adds the values and returns their list, in parentheses. At least one value.</summary>
    public static string AddList<T>(this DynamicParameters parameters, string name, IEnumerable<T> values)
    {
        var names = new List<string>();
        foreach (var value in values)
        {
            var parameter = FormattableString.Invariant($"{name}{names.Count}");
            parameters.Add(parameter, value);
            names.Add("@" + parameter);
        }
        return $"({string.Join(", ", names)})";
    }
}
