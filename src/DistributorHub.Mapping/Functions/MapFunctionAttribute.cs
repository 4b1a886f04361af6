namespace DistributorHub.Mapping.Functions;

/// <summary>
/// Makes a public static method a function of maps. Only for what a macro cannot say. It takes one scalar or more (<c>string</c>, <c>decimal</c>, <c>int</c>,
/// <c>long</c>, <c>DateOnly</c>, <c>bool</c>, nullable or not) and gives one; it depends on nothing but its arguments and does nothing else: no files, network,
/// clock, static state. It is called from many threads at once.
/// </summary>
/// <param name="name">What maps call it by: small letters, digits and _, such as <c>acme_sku</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MapFunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
