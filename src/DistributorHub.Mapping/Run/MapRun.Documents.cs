using DistributorHub.Edi;
using DistributorHub.Mapping.Write;

namespace DistributorHub.Mapping.Run;

/// <content>Expressions over a document that is written: no segments are held, and one row stands for all that is evaluated.</content>
sealed partial class MapRun
{
    /// <summary>The document whose fields expressions read; null while a message is read.</summary>
    public DocumentCursor? Document { get; private set; }

    /// <summary>Starts a document.</summary>
    public void Start(MapContext context, Findings findings, DocumentCursor document)
    {
        Faults = new(findings, context, rowsLeftOutMax: 0);
        Numbers = NumberFormat.Point;
        Document = document;
        Row = rows[0];
        ContextValues.Fill(variables, program.Variables, context);
    }

    /// <summary>Forgets the values of the segment before: texts that were made for it.</summary>
    public void StartSegment() => Row.Open();

    /// <summary>One value of the document; it lives until the next segment starts.</summary>
    public void Evaluate(Nodes.Node node, string rule, ref Value value)
    {
        Rule = rule;
        Row.Ordinal = Document!.Ordinal;
        value.Kind = ValueKind.Null;
        value.Source = Source.None;
        node.Evaluate(this, ref value);
    }
}
