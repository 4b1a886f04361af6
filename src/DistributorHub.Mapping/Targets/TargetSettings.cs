using DistributorHub.Mapping.Schema;

namespace DistributorHub.Mapping.Targets;

/// <summary>The settings of a target.</summary>
static class TargetSettings
{
    static readonly Shape Type = new Shape.Text(ColumnType.Pattern);
    static readonly Shape Columns = new Shape.Names(Type, 1);
    static readonly Shape Column = new Shape.Text();
    static readonly Shape Physical = new Shape.Text("[^.]+(\\.[^.]+)?");

    public static SettingTable Version { get; } = new("version",
        new("number", "The database column that numbers the versions of a key.", Column),
        new("current", "The database column that is true for the newest version only.", Column),
        new("newer_by", "The column that tells which message is newer: a date, timestamp or number. An older message changes nothing.", Column));

    public static SettingTable Guard { get; } = new("guard",
        new Setting("max_missing", "Largest share of the rows that one full list may end, 0% to 100%. A list that would end more is held.", new Shape.Text("[0-9]+(\\.[0-9]+)? *%"), Required: true));

    public static SettingTable Catalogue { get; } = new("catalogue",
        new("scope", "Columns that say what one full list replaces, such as [partner_id].", new Shape.List(Column, 1)),
        new("full_when", "When a list is full: a column of the parent and its value, function = 'original'.", new Shape.Text("[^=]+= *'[^']+' *")),
        new("missing", "What becomes of rows that a full list does not mention. Default keep.", Choice<MissingRows>()),
        new("expire", "The date column that takes the day on which a missing row ended.", Column),
        new("action", "The text column that says what becomes of a row: add, change or delete.", Column),
        new("price", "The numeric column by which lists are compared with each other: table.column, of this table or of one whose parent it is.", new Shape.Text("[^.]+\\.[^.]+")),
        new("guard", "How much one full list may end.", new Shape.Section(() => Guard)));

    public static SettingTable Table { get; } = new("table",
        new("is", "The physical table: table or schema.table. Default: the name in this file.", Physical),
        new("id", "The physical column of the surrogate key, numbered by the database. Leave it out of 'columns'.", Column),
        new("parent", "The table these rows belong to and its id: orders.id; with '= column' where this table's column is called otherwise.",
            new Shape.Text("[^.=]+\\.[^.=]+(=.*[^ ].*)?")),
        new("key", "Columns that find a row again.", new Shape.List(Column, 1), Required: true),
        new("policy", "What happens to a row whose key is there: insert (an error), skip, update, version (the old row stays, no longer current), "
            + "children (rows of the same parent are replaced as a set), catalogue (add, change, delete by row; a full list ends what it does not mention).", Choice<TablePolicy>(), Required: true),
        new("version", "With policy version or update: what tells versions apart.", new Shape.Section(() => Version)),
        new("catalogue", "With policy catalogue: what a full list replaces.", new Shape.Section(() => Catalogue)),
        new("columns", "Columns with their types; 'not null' and '= physical_name' may follow.", Columns, Required: true));

    public static SettingTable Xref { get; } = new("xref",
        new("is", "The table or view of the seller: table or schema.table. Default: the name in this file.", Physical),
        new("key", "Columns that are looked up by, with their types, in the order of the arguments of xref(…).", Columns, Required: true),
        new("value", "The type of the column that is looked up; '= name' where it is called otherwise than the xref.", Type, Required: true),
        new("miss", "What a key that is not found does. Default error.", Choice<XrefMiss>()));

    public static SettingTable Head { get; } = new("target",
        new("hub", "The kind and version of the file.", new Shape.Choice([TargetReader.Format]), Required: true),
        new("id", "The file's name: targets/<id>.target.yaml.", Shape.AnyText, Required: true),
        new("connection", "The name of the database connection in the hub's settings; never a secret. Default seller.", Shape.AnyText),
        new("tables", "The seller's tables by the names maps call them.", new Shape.Names(new Shape.Section(() => Table), 1), Required: true),
        new("xrefs", "Tables or views that maps look values up in: xref(name, key, …).", new Shape.Names(new Shape.Section(() => Xref))));

    static Shape.Choice Choice<T>()
        where T : struct, Enum => new([.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())]);
}
