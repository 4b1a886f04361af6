using DistributorHub.Edi;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Partners;

/// <summary>Names of character sets that people write.</summary>
static class CharacterSets
{
    /// <summary>True when files can be read with it: UTF-8 and sets of one byte a character.</summary>
    public static bool IsKnown(string name)
    {
        try
        {
            // The reader alone knows; it looks the name up when it is made.
            using var reader = new EdiReader(Stream.Null, new Findings(), new ReaderOptions { Charset = name });
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
