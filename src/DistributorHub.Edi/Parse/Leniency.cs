namespace DistributorHub.Edi.Parse;

/// <summary>
/// How bad each <see cref="FixUp"/> is with one partner: <see cref="Severity.Information"/> = agreed, told and not acknowledged;
/// <see cref="Severity.Warning"/> = told, and the message is accepted; <see cref="Severity.Error"/> = the message is rejected, and for one in the
/// header of a group or interchange all messages in it. What is mended is mended all the same, so that everything can be read and told.
/// </summary>
public sealed class Leniency
{
    readonly Severity?[] severities = new Severity?[FixUp.All.Count];
    readonly bool isUnset = true;

    Leniency()
    {
    }

    Leniency(Leniency before, FixUp fixUp, Severity severity)
    {
        before.severities.CopyTo(severities, 0);
        severities[fixUp.Index] = severity;
        isUnset = false;
    }

    /// <summary>Every fix-up as it is without a setting.</summary>
    public static Leniency Default { get; } = new();

    /// <summary>What was set for a fix-up; null = nothing, and its findings have their own severity.</summary>
    public Severity? this[FixUp fixUp] => severities[fixUp.Index];

    /// <summary>The same with another severity for one fix-up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A fix-up cannot end the reading of a file.</exception>
    public Leniency With(FixUp fixUp, Severity severity) => severity is Severity.Information or Severity.Warning or Severity.Error
        ? new(this, fixUp, severity)
        : throw new ArgumentOutOfRangeException(nameof(severity), severity, "A fix-up is an information, a warning or an error.");

    /// <summary>True when findings of a fix-up that are warnings become errors.</summary>
    internal bool Refuses(FixUp fixUp) => this[fixUp] == Severity.Error && fixUp.Severity < Severity.Error;

    /// <summary>A finding as bad as it is with this partner.</summary>
    /// <param name="finding">With its own severity.</param>
    /// <param name="standard">Standard of the interchange it is in.</param>
    /// <param name="refused">Its code in acknowledgements, should it be refused and have none; null = the fix-up's.</param>
    internal Finding Judge(Finding finding, Standard standard, string? refused = null)
    {
        if (isUnset || FixUp.Of(finding.Code) is not { } fixUp || this[fixUp] is not { } severity || severity == finding.Severity)
            return finding;
        // A message in which the file ends is not whole, whatever was agreed.
        if (finding is { Code: Codes.FileEndsEarly, At.Message: > 0 })
            return finding;
        return severity switch
        {
            Severity.Information => finding with
            {
                Severity = severity,
                Acknowledgement = null,
                Advice = $"It is agreed with this partner (leniency: {fixUp.Name}).",
            },
            Severity.Error => finding with
            {
                Severity = severity,
                Acknowledgement = finding.Acknowledgement ?? refused ?? fixUp.Acknowledgement(standard),
                Advice = $"{finding.Advice} It is refused from this partner (leniency: {fixUp.Name}).".TrimStart(),
            },
            _ => finding with { Severity = severity },
        };
    }
}
