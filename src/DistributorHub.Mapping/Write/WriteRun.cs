using System.Globalization;
using System.Text;
using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Write;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Write;

/// <summary>Writes documents as messages, one at a time. Reused for the next document of the same map.</summary>
sealed class WriteRun(WriteProgram program, MapRun run)
{
    readonly bool[] written = new bool[program.Plan.Segments];
    readonly SegmentValues values = new();
    readonly Stack<int> levels = new();
    DocumentCursor document = null!;
    EdiWriter writer = null!;
    WriteTrace? trace;
    int level;

    /// <summary>Writes the segments between header and trailer. What cannot be written is among the findings.</summary>
    public void Write(DocumentData row, MapContext context, EdiWriter output, Findings findings, WriteTrace? explaining)
    {
        (document, writer, trace, level) = (new(program.Plan.Document, row), output, explaining, 0);
        levels.Clear();
        written.AsSpan().Clear();
        run.Start(context, findings, document);
        foreach (var entry in program.Entries)
            Write(entry);
    }

    void Write(EntryProgram entry)
    {
        if (entry is WriteSegmentProgram segment)
            Write(segment);
        else
            Write((WriteBlockProgram)entry);
    }

    void Write(WriteBlockProgram block)
    {
        if (block.Plan.For is not { } list)
        {
            WriteOnce(block);
            return;
        }
        var ordinal = 0;
        foreach (var row in document.RowsOf(list))
        {
            // Rows that are left out do not count.
            document.Open(list, row, ordinal + 1);
            ordinal += WriteOnce(block) ? 1 : 0;
            document.Close(list);
        }
    }

    bool WriteOnce(WriteBlockProgram block)
    {
        run.StartSegment();
        if (block.Where is { } where)
        {
            var value = default(Value);
            run.Evaluate(where, "where", ref value);
            if (value.Kind != ValueKind.Bool || !value.Bool)
                return false;
        }
        if (block.Plan.IsLevel)
            levels.Push(++level);
        foreach (var entry in block.Entries)
            Write(entry);
        if (block.Plan.IsLevel)
            levels.Pop();
        return true;
    }

    void Write(WriteSegmentProgram segment)
    {
        var plan = segment.Plan;
        run.StartSegment();
        values.Start(segment);
        WrittenValue? first = null;
        for (var rule = 0; rule < segment.Values.Length; rule++)
        {
            var (value, node) = segment.Values[rule];
            var result = default(Value);
            run.Evaluate(node, value.Name, ref result);
            var isWritable = !result.IsNull && !result.IsFailed && Format(value, ref result);
            if (!isWritable && !result.IsNull)
                result.SetFailed();
            trace?.Add(value, program.Plan.Document, document, result);
            if (!isWritable)
                continue;
            if (!value.IsConstant)
                first ??= value;
            values.Set(rule, result);
        }
        written[plan.Id] = IsWritten(plan, segment.IsConstant, first);
        trace?.End(written[plan.Id]);
        if (!written[plan.Id])
            return;
        if (plan is { IsLevel: true, Definition.Tree: { } tree })
            Level(tree);
        values.Write(writer);
    }

    bool IsWritten(WrittenSegment plan, bool isConstant, WrittenValue? first)
    {
        if (!plan.IsLevel && !isConstant && first is null)
            return false;
        if (plan.Trigger < 0 || written[plan.Trigger])
            return true;
        if (first is not null)
            run.Faults.NoTrigger(run, plan, first.Value);
        return false;
    }

    // Levels are numbered through the message; each names the one around it.
    void Level(TreeDefinition tree)
    {
        values.SetLevel(tree.Id, isOuter: false, Number(levels.Peek()));
        if (levels.Count > 1)
            values.SetLevel(tree.Parent, isOuter: true, Number(levels.ElementAt(1)));
    }

    static byte[] Number(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    // The value as its element writes it; false after a finding.
    bool Format(WrittenValue written, ref Value value)
    {
        if (written.Pattern is { } two && value is { Kind: ValueKind.Moment, Moment: { IsPeriod: true } period })
            return Text(ref value, string.Create(CultureInfo.InvariantCulture, $"{new DateTime(period.Start).ToString(two, CultureInfo.InvariantCulture)}-{new DateTime(period.End).ToString(two, CultureInfo.InvariantCulture)}"));
        if (written.Pattern is { } pattern)
            return Text(ref value, MomentOf(value).ToString(pattern, CultureInfo.InvariantCulture));
        if (written.Element.Type == ElementType.Implied)
            return Implied(written, ref value);
        if (value.Kind is ValueKind.Int or ValueKind.Decimal)
        {
            value.TryNumber(out var number);
            value.SetDecimal(number);
            if (WrittenTypes.Digits(number) <= written.Element.Max)
                return true;
            run.Faults.ElementTooLong(run, written, value, number.ToString(CultureInfo.InvariantCulture));
            return false;
        }
        var length = TextFunctions.Characters(value.Text);
        if (length <= written.Element.Max && length >= written.Element.Min)
            return true;
        var found = Encoding.UTF8.GetString(value.Text);
        if (length > written.Element.Max)
            run.Faults.ElementTooLong(run, written, value, found);
        else
            run.Faults.ElementTooShort(run, written, value, found);
        return false;
    }

    bool Implied(WrittenValue written, ref Value value)
    {
        value.TryNumber(out var number);
        value.SetDecimal(number);
        var scaled = Numbers.Decimals(number) > written.Element.ImpliedDecimals ? (decimal?)null : decimal.Truncate(number * Numbers.Power(written.Element.ImpliedDecimals));
        if (scaled is not { } whole)
        {
            run.Faults.ElementTooPrecise(run, written, value);
            return false;
        }
        if (WrittenTypes.Digits(whole) <= written.Element.Max)
            return Text(ref value, whole.ToString(CultureInfo.InvariantCulture).PadLeft(written.Element.Min, '0'));
        run.Faults.ElementTooLong(run, written, value, whole.ToString(CultureInfo.InvariantCulture));
        return false;
    }

    static DateTime MomentOf(in Value value) => value.Kind switch
    {
        ValueKind.Date => DateOnly.FromDayNumber((int)value.Integer).ToDateTime(TimeOnly.MinValue),
        ValueKind.Time => DateTime.MinValue.AddTicks(value.Integer),
        _ => new(value.Moment.Start),
    };

    static bool Text(ref Value value, string text)
    {
        value.SetText(Encoding.UTF8.GetBytes(text));
        return true;
    }
}
