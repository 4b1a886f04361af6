using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

/// <summary>One file read to its end: its events in short, its segments' values and its findings.</summary>
sealed class Reading
{
    Reading()
    {
    }

    public List<string> Events { get; } = [];

    /// <summary>Segments of messages, one text for each: elements by '+', components by ':', repetitions by '*'; what a delimiter looked like in the file is gone.</summary>
    public List<string> Segments { get; } = [];

    public List<InterchangeInfo> Interchanges { get; } = [];

    public List<GroupInfo> Groups { get; } = [];

    public List<MessageInfo> Messages { get; } = [];

    public Findings Findings { get; } = new();

    public IEnumerable<string> Codes => Findings.Kept.Select(f => f.Code);

    public Finding Only(string code) => Assert.Single(Findings.Kept, f => f.Code == code);

    public static Reading Of(string text, ReaderOptions? options = null) => Of(Encoding.Latin1.GetBytes(text), options);

    public static Reading Of(byte[] file, ReaderOptions? options = null)
    {
        var reading = new Reading();
        using var reader = new EdiReader(new MemoryStream(file), reading.Findings, options);
        while (reader.Read())
            reading.Add(reader);
        return reading;
    }

    /// <summary>An EDIFACT message around some segments; the count in UNT is right.</summary>
    public static Reading OfMessage(string segments, int count, string syntax = "UNOC:3", string una = "", ReaderOptions? options = null) =>
        Of($"{una}UNB+{syntax}+A:14+B:14+260401:0815+R1'UNH+1+ORDERS:D:96A:UN:EAN008'{segments}UNT+{count + 2}+1'UNZ+1+R1'", options);

    /// <summary>An X12 transaction set around some segments, with <c>*</c>, <c>:</c> and <c>~</c>.</summary>
    public static Reading OfSet(string segments, int count, string version = "00401", string repetition = "U") =>
        Of($"{Isa(version, repetition)}GS*PO*S*R*20260401*0815*1*X*004010~ST*850*0001~{segments}SE*{count + 2}*0001~GE*1*1~IEA*1*000000905~");

    public static string Isa(string version = "00401", string repetition = "U") =>
        $"ISA*00*          *00*          *ZZ*ACME           *ZZ*BIGRETAIL      *260401*0815*{repetition}*{version}*000000905*0*P*:~";

    void Add(EdiReader reader)
    {
        Events.Add(reader.Event + (reader.Segment.IsEmpty ? " (implied)" : ""));
        switch (reader.Event)
        {
            case EdiEvent.InterchangeStart:
                Interchanges.Add(reader.Interchange!);
                break;
            case EdiEvent.GroupStart:
                Groups.Add(reader.Group!);
                break;
            case EdiEvent.MessageStart:
                Messages.Add(reader.Message!);
                break;
            case EdiEvent.Segment:
                Segments.Add(Show(reader.Segment));
                break;
        }
    }

    static string Show(Segment segment)
    {
        var text = new StringBuilder();
        var start = 0;
        foreach (var mark in segment.Marks.ToArray())
        {
            text.Append(Encoding.UTF8.GetString(segment.Text[start..mark.End]));
            text.Append(mark.Kind switch { MarkKind.Element => "+", MarkKind.Component => ":", MarkKind.Repetition => "*", _ => "" });
            start = mark.End + 1;
        }
        return text.ToString();
    }
}
