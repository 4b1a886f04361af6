namespace DistributorHub.Mapping.Guides;

/// <summary>The codes of mistakes in guides. A path that does not fit the message has the code it has in a map (MAP11xx).</summary>
static class GuideMistakes
{
    /// <summary>The file is not a guide, or its head is wrong.</summary>
    public const string Head = "GDE1001";

    /// <summary>A key that guides do not have, or a value of the wrong shape.</summary>
    public const string Shape = "GDE1002";

    /// <summary>No such guide or message definition, or one that extends itself.</summary>
    public const string NoBase = "GDE1003";

    /// <summary>The guides that are extended are not all of one message and release.</summary>
    public const string OtherMessage = "GDE1004";

    /// <summary>A change that is no narrowing.</summary>
    public const string Widens = "GDE1005";

    /// <summary>Two rules that cannot both hold.</summary>
    public const string Contradiction = "GDE1006";

    /// <summary>A path that is right in a map, but that no rule can be about.</summary>
    public const string Path = "GDE1007";

    /// <summary>A condition that is not made of exists(…) and not exists(…).</summary>
    public const string Condition = "GDE1008";
}
