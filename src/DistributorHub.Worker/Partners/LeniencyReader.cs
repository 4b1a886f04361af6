using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Partners;

/// <summary>The <c>leniency</c> section of a partner file: a verdict for each fix-up that is to be judged otherwise than by default.</summary>
static class LeniencyReader
{
    /// <summary>What the file says of a fix-up.</summary>
    enum Verdict
    {
        Accept,
        Warn,
        Error,
    }

    public static Leniency Read(Section section)
    {
        var leniency = Leniency.Default;
        foreach (var fixUp in FixUp.All)
            if (section.Has(fixUp.Name) && section.Choice<Verdict>(fixUp.Name) is { } verdict)
                leniency = leniency.With(fixUp, verdict switch
                {
                    Verdict.Accept => Severity.Information,
                    Verdict.Warn => Severity.Warning,
                    _ => Severity.Error,
                });
        section.Finish();
        return leniency;
    }
}
