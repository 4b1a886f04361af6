namespace DistributorHub.Mapping;

/// <summary>A mistake in a YAML file of <c>mappings/</c>: where, what, and what would be right.</summary>
/// <param name="File">Path as given by the caller.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Code">Stable code: YML0xxx for YAML itself, MAP1xxx for maps, TGT1xxx for targets, DOC1xxx for documents and DOC2xxx for data of one, COD1xxx for code lists, GDE1xxx for guides, PTN1xxx for partners, EXP1xxx for golden tests.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Hint">What to do, or null.</param>
/// <param name="Warning">True when the file can be used all the same.</param>
public sealed record Diagnostic(
    string File, int Line, int Column, string Code, string Message, string? Hint = null, bool Warning = false)
{
    public override string ToString() =>
        $"{File}:{Line}:{Column} {Code} {(Warning ? "warning: " : "")}{Message}{(Hint is null ? "" : $" ({Hint})")}";
}
