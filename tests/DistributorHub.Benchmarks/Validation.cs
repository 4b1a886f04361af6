using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Benchmarks;

/// <summary>Every segment is placed in its message's definition and all its values are checked: types, lengths, codes, dates, conditions.</summary>
static class Validation
{
    public static string Run(string path)
    {
        var findings = new Findings();
        MessageValidator? validator = null;
        long placed = 0;
        using var reader = new EdiReader(Stage.Open(path), findings);
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    validator = For(validator, reader, findings);
                    validator.Start(reader);
                    break;
                case EdiEvent.Segment when validator!.Accept(reader) >= 0:
                    placed++;
                    break;
                case EdiEvent.MessageEnd:
                    validator!.End(reader);
                    break;
            }
        }
        return FormattableString.Invariant($"{placed} segments placed, {findings.Count} findings");
    }

    /// <summary>The validator of the message that starts: the one before it when that is of the same type.</summary>
    public static MessageValidator For(MessageValidator? before, EdiReader reader, Findings findings)
    {
        var message = reader.Message!;
        var definition = DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, message)
            ?? throw new InvalidOperationException($"There is no definition of {message.Type} {message.FullRelease}.");
        return MessageValidator.Next(before, definition, findings)!;
    }
}
