using System.Text;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Parse;

/// <summary>Everything a reader says of a file, as text that can be compared.</summary>
static class Dump
{
    public static string Of(byte[] file, int chunk = int.MaxValue, int buffer = 256 * 1024, int window = 16 * 1024, ReaderOptions? options = null, bool single = false)
    {
        var text = new StringBuilder();
        var findings = new Findings();
        using var reader = new EdiReader(new ChunkStream(file, chunk), findings, options ?? new(), buffer, window, single);
        while (reader.Read())
            Write(text, reader);
        foreach (var finding in findings.Kept)
            text.AppendLine(finding.ToString());
        // How far ahead the reader was when it gave up is its own affair.
        return text.AppendLine($"{findings.Count} findings, {(findings.Fatal ? "not all" : reader.BytesRead)} bytes").ToString();
    }

    static void Write(StringBuilder text, EdiReader reader)
    {
        text.Append(reader.Event).Append(' ').Append(reader.Position).Append(" | ");
        if (reader.Event == EdiEvent.InterchangeEnd)
            text.Append($"{reader.Interchange!.Sender} {reader.Interchange.Reference} {reader.Interchange.Delimiters} {reader.Interchange.Charset} {reader.Interchange.Segments} {reader.Interchange.Groups} {reader.Interchange.Messages} ");
        if (reader.Event == EdiEvent.GroupEnd)
            text.Append($"{reader.Group!.Code} {reader.Group.Version} {reader.Group.Messages} ");
        if (reader.Event == EdiEvent.MessageEnd)
            text.Append($"{reader.Message!.Type} {reader.Message.FullRelease} {reader.Message.Segments} ");
        text.Append(Encoding.UTF8.GetString(reader.Segment.Text)).Append(" |");
        foreach (var mark in reader.Segment.Marks.ToArray())
            text.Append($" {mark.End}{mark.Kind.ToString()[0]}@{reader.OffsetOf(mark.End)}");
        text.AppendLine();
    }
}

/// <summary>A stream that hands out its bytes a few at a time.</summary>
sealed class ChunkStream(byte[] bytes, int chunk) : Stream
{
    int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => bytes.Length;

    public override long Position { get => at; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Math.Min(Math.Min(chunk, count), bytes.Length - at);
        Array.Copy(bytes, at, buffer, offset, read);
        at += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
