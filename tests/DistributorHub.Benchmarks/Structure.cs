using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Benchmarks;

/// <summary>Parse and structure: every segment is placed in its message's definition; values are not looked at.</summary>
static class Structure
{
    public static string Run(string path)
    {
        StructureCursor? cursor = null;
        MessageDefinition? definition = null;
        long placed = 0, missing = 0;
        using var reader = new EdiReader(Stage.Open(path), new());
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    var next = DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!);
                    if (next != definition || cursor is null)
                        (definition, cursor) = (next, new(next!.Structure));
                    cursor.Reset();
                    break;
                case EdiEvent.Segment when cursor!.Accept(reader.Segment.Tag) is ( >= 0, PlaceFault.None):
                    placed++;
                    break;
                case EdiEvent.MessageEnd:
                    missing += cursor!.End().Count;
                    break;
            }
        }
        return FormattableString.Invariant($"{placed} segments placed, {missing} missing");
    }
}
