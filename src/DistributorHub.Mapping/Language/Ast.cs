namespace DistributorHub.Mapping.Language;

/// <summary>An expression as written, before any name is looked up.</summary>
/// <param name="Source">The text it was written in.</param>
/// <param name="At">Index of its first character.</param>
/// <param name="End">Index after its last.</param>
abstract record Expr(ExprSource Source, int At, int End)
{
    public Place Place => Source.PlaceOf(At);

    public string Text => Source.Text[At..End];

    public sealed record Number(decimal Value, ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record Quoted(string Value, ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record Truth(bool Value, ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record Null(ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record Call(string Name, IReadOnlyList<Expr> Arguments, ExprSource Source, int At, int End) : Expr(Source, At, End);

    /// <summary><c>$name</c> or <c>$name.member</c>.</summary>
    public sealed record Variable(string Name, string? Member, bool Optional, ExprSource Source, int At, int End) : Expr(Source, At, End);

    /// <summary>A lower-case name: a macro's parameter, a code list, a value of a document that is no EDI, or, in a map that writes, a field or list of its document.</summary>
    /// <param name="Value">The name.</param>
    /// <param name="Optional">True with <c>?</c>.</param>
    /// <param name="Source">The text it was written in.</param>
    /// <param name="At">Index of its first character.</param>
    /// <param name="End">Index after its last.</param>
    public sealed record Bare(string Value, bool Optional, ExprSource Source, int At, int End) : Expr(Source, At, End);

    /// <summary>A field of a list of the document: <c>lines.sku</c>.</summary>
    public sealed record Field(string Name, string? Member, bool Optional, ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record Path(bool Absolute, IReadOnlyList<PathStep> Steps, IReadOnlyList<PathPart> Parts, bool Optional,
        ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record Binary(BinaryOperator Operator, Expr Left, Expr Right, ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record Not(Expr Operand, ExprSource Source, int At, int End) : Expr(Source, At, End);

    public sealed record In(Expr Operand, IReadOnlyList<Expr> Items, bool Negated, ExprSource Source, int At, int End) : Expr(Source, At, End);
}

enum BinaryOperator
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Coalesce,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// <summary>A tag on the way: <c>ALC@sum[A, !RNG]</c>.</summary>
sealed record PathStep(string Tag, bool Summary, IReadOnlyList<PathPredicate> Predicates, int At, int End);

/// <summary>What stands between the brackets of a step, one item.</summary>
/// <param name="Element">Left of '=': one or two names (element, component); empty for codes of the qualifier.</param>
/// <param name="Codes">The codes; for <c>!TAG</c> the tag.</param>
/// <param name="Lacks">True for <c>!TAG</c>.</param>
/// <param name="At">Index of its first character.</param>
sealed record PathPredicate(IReadOnlyList<PathPart> Element, IReadOnlyList<string> Codes, bool Lacks, int At);

/// <summary>An element, component or pair: <c>C212[SA]</c>, <c>3036*</c>, <c>04</c>, <c>ID#2</c>.</summary>
/// <param name="Name">As written.</param>
/// <param name="Codes">Codes in brackets; empty without.</param>
/// <param name="Nth">The number after '#'; 0 without.</param>
/// <param name="All">True with '*'.</param>
/// <param name="At">Index of its first character.</param>
sealed record PathPart(string Name, IReadOnlyList<string> Codes, int Nth, bool All, int At);
