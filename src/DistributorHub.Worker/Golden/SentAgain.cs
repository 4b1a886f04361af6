using DistributorHub.Mapping;

namespace DistributorHub.Worker.Golden;

/// <summary>The same document in the envelope of another day: another name of the file, another reference and date of the interchange.</summary>
static class SentAgain
{
    public static MapContext Of(MapContext context)
    {
        var from = context.Interchange;
        return context with
        {
            File = context.File.ToDictionary(value => value.Key, value => value.Key == "name" ? $"again-{value.Value}" : value.Value, StringComparer.Ordinal),
            Interchange = new()
            {
                Ordinal = from.Ordinal,
                Standard = from.Standard,
                SyntaxIdentifier = from.SyntaxIdentifier,
                SyntaxVersion = from.SyntaxVersion,
                Sender = from.Sender,
                Recipient = from.Recipient,
                Date = from.Date?.AddDays(1),
                Time = from.Time,
                Reference = Next(from.Reference),
                ApplicationReference = from.ApplicationReference,
                Test = from.Test,
                Delimiters = from.Delimiters,
                EitherDecimalMark = from.EitherDecimalMark,
                Charset = from.Charset,
            },
        };
    }

    /// <summary>Another reference of the same form.</summary>
    static string Next(string reference) => reference.Length == 0 ? "" : reference[..^1] + reference[^1] switch
    {
        '9' => '0',
        >= '0' and < '9' => (char)(reference[^1] + 1),
        'X' => 'Y',
        _ => 'X',
    };
}
