using DistributorHub.Mapping.Schema;

namespace DistributorHub.Worker.Golden;

/// <summary>The settings of an expect file.</summary>
static class ExpectSettings
{
    public static SettingTable Message { get; } = new("message",
        new("message", "The type of the message, such as ORDERS.", Shape.AnyText, Required: true),
        new("rejected", "yes: nothing of the message is loaded.", Shape.Flag),
        new("rows", "The rows of each table; all columns that are not null. Rows below a row stand in it.", new Shape.Rows(RowsPart.Expected)));

    public static SettingTable Finding { get; } = new("finding",
        new("code", "The code of the finding, such as MAP2105.", Shape.AnyText, Required: true),
        new("message", "The number of the message in the file, from 1; left out for what is about none.", new Shape.Whole(1)),
        new("segment", "The number of the segment in the message, from 1; left out for what is about none.", new Shape.Whole(1)));

    public static SettingTable Head { get; } = new("expect",
        new("hub", "The kind and version of the file.", new Shape.Choice([ExpectReader.Version]), Required: true),
        new("messages", "What each message becomes, in the order of the file.", new Shape.List(new Shape.Section(() => Message)), Required: true),
        new("findings", "All that is found, in any order; none when it is left out.", new Shape.List(new Shape.Section(() => Finding))));
}
