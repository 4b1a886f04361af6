namespace DistributorHub.Mapping.Language;

/// <summary>The codes of mistakes in maps.</summary>
static class MapCodes
{
    /// <summary>The file is not a map, or its head is wrong.</summary>
    public const string Head = "MAP1001";

    /// <summary>A key that maps do not have, or a value of the wrong shape.</summary>
    public const string Shape = "MAP1002";

    /// <summary>No such map.</summary>
    public const string NoMap = "MAP1003";

    /// <summary>No such message definition.</summary>
    public const string NoMessage = "MAP1004";

    /// <summary>No such target.</summary>
    public const string NoTarget = "MAP1005";

    /// <summary>The map names a guide that is not there.</summary>
    public const string NoGuide = "MAP1009";

    /// <summary>Warning: a file in a folder of the hub under a name that nothing reads.</summary>
    public const string Misplaced = "MAP1007";

    /// <summary>A map that writes where one that reads is meant, or the other way round.</summary>
    public const string Direction = "MAP1008";

    /// <summary>An expression that cannot be read.</summary>
    public const string Syntax = "MAP1010";

    /// <summary>Warning: a quoted text that would be a path.</summary>
    public const string QuotedPath = "MAP1011";

    /// <summary>A segment or group that does not stand there.</summary>
    public const string NoSegment = "MAP1101";

    /// <summary>An element, component or pair that the segment does not have.</summary>
    public const string NoElement = "MAP1102";

    /// <summary>A condition in brackets that the segment cannot answer.</summary>
    public const string Predicate = "MAP1103";

    /// <summary>A path that does not end at a value.</summary>
    public const string NoValue = "MAP1104";

    /// <summary># or * where they have no meaning.</summary>
    public const string Repeat = "MAP1105";

    /// <summary>A function, variable or name that is not known.</summary>
    public const string NoName = "MAP1106";

    /// <summary>No such code list.</summary>
    public const string NoCodeList = "MAP1107";

    /// <summary>A value that may be absent in a column that may not be null.</summary>
    public const string Nullability = "MAP1201";

    /// <summary>A value of another type than the column's.</summary>
    public const string ColumnType = "MAP1202";

    /// <summary>An operand or argument of the wrong type.</summary>
    public const string OperandType = "MAP1203";

    /// <summary>A constant, or a code list's result, that does not fit its column.</summary>
    public const string Fit = "MAP1204";

    /// <summary>A column that may not be null has no rule.</summary>
    public const string NoRule = "MAP1205";

    /// <summary>Too few or too many arguments, or one that must be constant.</summary>
    public const string Arguments = "MAP1206";

    /// <summary>An xref that the target does not have, or that stands where its value is not known.</summary>
    public const string Xref = "MAP1207";

    /// <summary>No such table.</summary>
    public const string NoTable = "MAP1301";

    /// <summary>No such column.</summary>
    public const string NoColumn = "MAP1302";

    /// <summary>The row of the parent table does not enclose this one.</summary>
    public const string NoParent = "MAP1303";

    /// <summary>Nothing that <c>for:</c> could make rows of.</summary>
    public const string For = "MAP1304";

    /// <summary><c>$table.column</c> is not an enclosing row.</summary>
    public const string NotEnclosing = "MAP1305";

    /// <summary>A macro that is wrong in itself.</summary>
    public const string Macro = "MAP1306";

    /// <summary>A document that is not described, or a field or list it does not have.</summary>
    public const string NoField = "MAP1308";

    /// <summary>A value that is not known yet when its row is written.</summary>
    public const string NotStreamable = "MAP1401";

    /// <summary>A value of the repeating unit in a row outside it.</summary>
    public const string Unfolded = "MAP1402";

    /// <summary>A segment that cannot stand behind those before it, or stands more often than its message has room for.</summary>
    public const string Order = "MAP1501";

    /// <summary>A segment or element that the message cannot do without has no rule.</summary>
    public const string Mandatory = "MAP1502";

    /// <summary>Several codes of a list stand for one of ours, and none is said to be written.</summary>
    public const string NotReversible = "MAP1503";

    /// <summary>A place that a rule cannot write: it is taken, it needs one code, or it repeats.</summary>
    public const string NoPlace = "MAP1504";

    /// <summary>Warning: a constant that is in no code list of its element.</summary>
    public const string UnknownConstant = "MAP1505";

    /// <summary>A map that cannot be extended: it is not there, no map, another partner's, in a circle or too far down a chain.</summary>
    public const string Extends = "MAP1601";

    /// <summary>A rule or block that the base does not have, or several of that name.</summary>
    public const string NoBaseRule = "MAP1602";

    /// <summary>An addition of what the base has already, or something that is both changed and dropped.</summary>
    public const string Clash = "MAP1603";

    /// <summary>A change of what the base says is final.</summary>
    public const string Final = "MAP1604";

    /// <summary>A map of one partner in the hands of another.</summary>
    public const string Owner = "MAP1605";

    /// <summary>A rule of the base that is overridden or dropped is not what it was when that was written.</summary>
    public const string BaseChanged = "MAP1606";

    /// <summary>Warning: the lock is missing or out of date, and no rule that is overridden has changed.</summary>
    public const string Unlocked = "MAP1607";

    /// <summary>A lock file that cannot be read.</summary>
    public const string Lock = "MAP1608";

    /// <summary>Warning: a code list of the map that none of its rules uses.</summary>
    public const string UnusedList = "MAP1609";
}
