using System.Text;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run.Nodes;

/// <summary>
/// An expression ready to run. Immutable and shared by all messages; everything that changes is in the <see cref="MapRun"/>.
/// A node that finds a fault reports it and gives <see cref="ValueKind.Failed"/>; a node whose operand failed passes that on.
/// </summary>
abstract class Node(BoundExpr source)
{
    /// <summary>What it was made from: for faults.</summary>
    public BoundExpr Source { get; } = source;

    /// <summary>The node itself, or the one that it only watches.</summary>
    public virtual Node Plain => this;

    public abstract void Evaluate(MapRun run, ref Value value);
}

/// <summary>A constant, or null.</summary>
sealed class LiteralNode : Node
{
    readonly Value constant;

    public LiteralNode(BoundExpr source, object? literal)
        : base(source)
    {
        switch (literal)
        {
            case null:
                constant.SetNull();
                break;
            case string text when text.Length == 0:
                // An empty text is a value here: '' in a comparison or as a default.
                constant.SetText([]);
                break;
            case string text:
                constant.SetText(Encoding.UTF8.GetBytes(text));
                break;
            case long number:
                constant.SetInt(number);
                break;
            case int number:
                constant.SetInt(number);
                break;
            case decimal number:
                constant.SetDecimal(number);
                break;
            case bool truth:
                constant.SetBool(truth);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No literal of {literal.GetType()}.");
        }
    }

    public override void Evaluate(MapRun run, ref Value value) => value = constant;
}

/// <summary>A value of the surroundings; the run looks it up once per message.</summary>
sealed class VariableNode(BoundExpr.Variable source, int slot) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        value = run.Variable(slot);
        if (value.IsNull && !Source.Nullable)
        {
            run.Faults.VariableAbsent(run, Source, source);
            value.SetFailed();
        }
    }
}

/// <summary><c>$n</c>.</summary>
sealed class OrdinalNode(BoundExpr source) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        value.SetInt(run.Row.Ordinal);
        value.Source = Run.Source.None;
    }
}

sealed class ColumnRefNode(BoundExpr.ColumnRef source) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value) => run.Column(source.Block, source.Column, ref value);
}

/// <summary><c>a ?? b</c>.</summary>
sealed class CoalesceNode(BoundExpr source, Node left, Node right) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        left.Evaluate(run, ref value);
        if (value.IsNull)
            right.Evaluate(run, ref value);
    }
}

/// <summary><c>if(c, a, b)</c>.</summary>
sealed class IfNode(BoundExpr source, Node condition, Node then, Node otherwise) : Node(source)
{
    public override void Evaluate(MapRun run, ref Value value)
    {
        condition.Evaluate(run, ref value);
        if (value.IsFailed)
            return;
        if (!value.IsNull && value.Bool)
            then.Evaluate(run, ref value);
        else
            otherwise.Evaluate(run, ref value);
    }
}

/// <summary><c>code(x, list)</c>.</summary>
sealed class CodeNode(BoundExpr.CodeLookup source, Node operand) : Node(source)
{
    readonly byte[] missText = Encoding.UTF8.GetBytes(source.MissText ?? source.List.Literal ?? "");

    public override void Evaluate(MapRun run, ref Value value)
    {
        operand.Evaluate(run, ref value);
        if (value.Kind != ValueKind.Text)
            return;
        if (source.List.Find(value.Text) is { } ours)
        {
            value.SetText(ours);
            return;
        }
        switch (source.Miss)
        {
            case Codes.Miss.Pass:
                break;
            case Codes.Miss.Null:
                value.SetNull();
                break;
            case Codes.Miss.Literal:
                value.SetText(missText);
                break;
            default:
                run.Faults.UnknownCode(run, Source, value, source.List);
                value.SetFailed();
                break;
        }
    }
}
