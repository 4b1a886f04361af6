using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Fuzz;

/// <summary>Texts of definitions, damaged: they are read and compiled, or refused with the line that is wrong. Nothing else may come of them.</summary>
static class DefinitionCheck
{
    public enum Kind
    {
        Message,
        Segments,
        Notes,
        Codes,
    }

    static readonly Kind[] kinds = Enum.GetValues<Kind>();

    static readonly string orders = EmbeddedText.Read("definitions/edifact/D.96A/ORDERS.txt");
    static readonly string purchase = EmbeddedText.Read("definitions/x12/004010/850.txt");
    static readonly SegmentDictionary edifact = DefinitionLibrary.Embedded.Find(Standard.Edifact, "ORDERS", "D.96A")!.Segments;
    static readonly SegmentDictionary x12 = DefinitionLibrary.Embedded.Find(Standard.X12, "850", "004010")!.Segments;

    // A part of each file is enough, and takes less time.
    static readonly (Kind Kind, Standard Standard, string Text)[] texts =
    [
        (Kind.Message, Standard.Edifact, orders), (Kind.Message, Standard.X12, purchase),
        (Kind.Segments, Standard.Edifact, Lines("definitions/edifact/D.96A/segments.txt", 40)), (Kind.Segments, Standard.X12, Lines("definitions/x12/004010/segments.txt", 40)),
        (Kind.Notes, Standard.Edifact, Lines("definitions/edifact/notes.txt", 60)), (Kind.Notes, Standard.X12, Lines("definitions/x12/notes.txt", 60)),
        (Kind.Codes, Standard.Edifact, Lines("definitions/edifact/D.96A/codes.txt", 20)),
    ];

    static readonly string[] words = ["\n", " ", "  ", "+", "+*", "#", "!", "{", "}", "~", "x5", "x99999999999", "*5", "M1", "C0", "M>", "M99999999999", "an..3", "n", "..", "(", ")", "=", ",", "\t", "\r", "moment(", "pairs(", "tree(id 01", "P0304", "R99", "\ud800", "-"];

    static string Lines(string path, int count) => string.Join('\n', EmbeddedText.Read(path).Split('\n').Take(count));

    /// <summary>The text that the dice make, with what it was before.</summary>
    public static (Kind Kind, Standard Standard, string Text) Make(Dice dice)
    {
        var made = dice.Of<(Kind Kind, Standard Standard, string Text)>(texts);
        for (var faults = 1 + dice.Small(); faults > 0; faults--)
            made.Text = Damage(dice, made.Text);
        return made;
    }

    static string Damage(Dice dice, string text)
    {
        var at = dice.Below(text.Length + 1);
        var count = Math.Min(text.Length - at, dice.Below(dice.OneIn(4) ? 200 : 4));
        return dice.Below(5) switch
        {
            0 => text.Remove(at, count),
            1 => text.Insert(at, dice.Of<string>(words)),
            2 => text.Insert(dice.Below(text.Length + 1), text.Substring(at, count)),
            3 => text.Remove(at, count).Insert(at, dice.Of<string>(words)),
            _ => text.Insert(at, ((char)dice.Between(1, 0x17F)).ToString()),
        };
    }

    /// <summary>Reads a text as what it is, and as any of the kinds.</summary>
    public static void Check((Kind Kind, Standard Standard, string Text) made, Dice dice)
    {
        Read(made.Kind, made.Standard, made.Text);
        Read(dice.Of<Kind>(kinds), dice.OneIn(2) ? Standard.Edifact : Standard.X12, made.Text);
    }

    static void Read(Kind kind, Standard standard, string text)
    {
        try
        {
            switch (kind)
            {
                case Kind.Message:
                    Compile(DefinitionReader.Read(standard, text, standard == Standard.X12 ? x12 : edifact, "fuzz"));
                    break;
                case Kind.Segments:
                    var segments = SegmentDictionaryReader.Read(text, "fuzz", standard == Standard.X12 ? DefinitionNotes.X12 : DefinitionNotes.Edifact);
                    Compile(DefinitionReader.Read(standard, "message X -\n" + string.Join('\n', segments.All.Keys.Select(tag => $"{tag} C9")), segments, "fuzz"));
                    break;
                case Kind.Notes:
                    _ = new DefinitionNotes(text, "fuzz");
                    break;
                default:
                    var lists = new CodeLists(() => System.Text.Encoding.UTF8.GetBytes(text), "fuzz");
                    foreach (var element in lists.Elements.Take(5))
                        _ = lists.Set(element)?.Contains("21"u8);
                    break;
            }
        }
        catch (DefinitionTextException)
        {
            // The text is refused with its line.
        }
    }

    static void Compile(MessageDefinition definition)
    {
        _ = definition.Structure;
        _ = definition.Rules;
        _ = definition.Ambiguities();
    }
}
