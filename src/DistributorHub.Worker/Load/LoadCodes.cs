namespace DistributorHub.Worker.Load;

/// <summary>Stable codes of what is found while loading: LOD5xxx.</summary>
static class LoadCodes
{
    public const string Prefix = "LOD";

    /// <summary>Two rows of the message have the same key.</summary>
    public const string DuplicateKey = "LOD5001";

    /// <summary>A row refers to a parent the message does not have.</summary>
    public const string NoParent = "LOD5002";

    /// <summary>A column that must have a value has none.</summary>
    public const string NoValue = "LOD5003";

    /// <summary>A row exists already, and the table's policy is insert.</summary>
    public const string Exists = "LOD5004";

    /// <summary>A value does not fit into the live column.</summary>
    public const string TooWide = "LOD5005";

    /// <summary>A value refers to a row that neither its table nor the message has.</summary>
    public const string NoReference = "LOD5006";

    /// <summary>The database refused the rows: a constraint, a trigger, or a value out of its range.</summary>
    public const string Constraint = "LOD5007";

    /// <summary>A text holds a zero byte.</summary>
    public const string ZeroByte = "LOD5008";

    /// <summary>An action that is none of add, change and delete.</summary>
    public const string UnknownAction = "LOD5009";

    /// <summary>Newer data was loaded before; a warning, not an error.</summary>
    public const string Older = "LOD5010";

    /// <summary>Several rows of the seller's table have the key that should be unique.</summary>
    public const string Ambiguous = "LOD5011";

    /// <summary>An xref's table has no value for a key.</summary>
    public const string NotFound = "LOD5012";

    /// <summary>An xref's table has several different values for a key.</summary>
    public const string FoundSeveral = "LOD5013";

    /// <summary>A full list leaves out more rows than its guard lets pass; a warning, and the list waits for a person.</summary>
    public const string Held = "LOD5014";

    /// <summary>A full list ends nothing that it does not mention, because rows of it were left out; a warning.</summary>
    public const string NothingEnded = "LOD5015";

    /// <summary>A document of this number is loaded, and a person is to look; a warning.</summary>
    public const string Suspected = "LOD5016";

    /// <summary>The load would do something else than its dry run has shown; a warning, and nothing was written.</summary>
    public const string Departs = "LOD5017";
}
