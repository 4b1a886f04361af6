using DistributorHub.Mapping.Schema;

namespace DistributorHub.Mapping.Codes;

/// <summary>The settings of a code list.</summary>
static class CodeListSettings
{
    static readonly Shape Pairs = new Shape.Names(Shape.AnyText);

    public static SettingTable Head { get; } = new("codes",
        new("hub", "The kind and version of the file.", new Shape.Choice([CodeListReader.Format]), Required: true),
        new("id", "The file's name without ending.", Shape.AnyText, Required: true),
        new("extends", "In a partner's list: the shared list of the same name, whose entries show through.", new Shape.Known(KnownNames.CodeLists)),
        new("map", "Partner's code: our code.", Pairs),
        new("miss", "What an unknown code gives: error (the default), pass (the code itself), null, or a text in quotes.", new Shape.AnyOf(new Shape.Choice(["error", "pass", "null"]), Shape.AnyText)),
        new("reverse", "Our code: partner's code, for documents that are written.", Pairs));

    /// <summary>A list in a map.</summary>
    public static SettingTable Body { get; } = new("code-list", [.. Head.Named("extends", "map", "miss", "reverse")]);
}
