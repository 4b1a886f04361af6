using System.Text;
using CsCheck;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Tests.Write;
using DistributorHub.Tests;

namespace DistributorHub.Edi.Tests.Parse;

public sealed class ChunkTests
{
    static readonly string[] samples =
    [
        "UNA:+.? '\r\nUNB+UNOC:3+A:14+B:14+260401:0815+1'\r\nUNH+1+ORDERS:D:96A:UN'\r\nFTX+AAI+++O?'NEIL??'\r\nFTX+A+?\r\n'B\r\nC+Gr\u00fc\u00dfe:?:'\r\nUNT+4+1'UNZ+1+1'",
        "UNB+UNOB:1+A+B+260401:0815+1'UNG+ORDERS+A+B+260401:0815+7+UN+D:96A'UNH+1+ORDERS:D:96A:UN'BGM+220'U\r\nN\r\nT+3+1'UNE+1+7'UNZ+1+1'\x1A\0 ",
        "junk before UNA:+.?*'UNB+UNOC:4+A+B+20260401:0815+1'UNH+1+X:4:1:UN'XYZ+A*B*C+D:E*F'UNT+3+1'UNH+2+X:4:1:UN'UNB+UNOA:2+A+B+1:1+2'UNZ+0+2'",
        "ISA*00*          *00*          *ZZ*S              *ZZ*R              *260401*0815*^*00501*000000001*0*P*:~GS*PO*S*R*20260401*0815*1*X*005010~ST*850*0001~BIN*12*AB~CD*EF:GHI~REF*A^B:C**~SE*4*0001~GE*1*1~IEA*1*000000001~\nUNB+UNOA:1+A+B+1:1+2'UNZ+0+2'",
        "UNB+UNOY:4+A+B+20260401:0815+1'UNH+1+X:4:1:UN'FTX+\u00e4\u20ac\U0001F600'bgm+1'LONG+2'''UNT+5+1'UNZ+1+1",
    ];

    public static TheoryData<int> Samples => [.. Enumerable.Range(0, samples.Length)];

    static byte[] Bytes(int sample) => sample == 4 ? Encoding.UTF8.GetBytes(samples[sample]) : Encoding.Latin1.GetBytes(samples[sample]);

    [Theory, MemberData(nameof(Samples))]
    public void Borders_of_chunks_buffers_and_windows_change_nothing(int sample)
    {
        var file = Bytes(sample);
        var whole = Dump.Of(file);
        Assert.Contains("InterchangeEnd", whole, StringComparison.Ordinal);
        Assert.Equal(whole, Dump.Of(file, single: true));
        for (var size = 1; size <= 130; size++)
            Assert.Equal(whole, Dump.Of(file, chunk: size, buffer: size, window: size));
    }

    [Theory, MemberData(nameof(Samples))]
    public void A_file_cut_off_anywhere_reads_the_same_in_any_chunks(int sample)
    {
        var file = Bytes(sample);
        for (var length = 0; length < file.Length; length++)
            Assert.Equal(Dump.Of(file[..length]), Dump.Of(file[..length], chunk: 1, buffer: 1, window: 7));
    }

    /// <summary>Long runs of plain segments with all that a run must stop for, or must not, in every place of the blocks and windows.</summary>
    [Theory, InlineData("UNOC", "latin1"), InlineData("UNOD", "latin1"), InlineData("UNOY", "utf-8"), InlineData("UNOA", "latin1")]
    public void Runs_of_segments_read_as_segments_by_themselves(string identifier, string encoding)
    {
        string[] segments =
        [
            "QTY+21:5:PCE'", "FTX+AAI+++Gr\u00fc\u00dfe?+mehr:O?'Neil??'", "UNS+S'", "LIN+1++4000000000017:EN'\r\n", "RFF+ON:1\n'", "PIA+1+A:SA+'",
            " DTM+2:20260401:102'", "''", "imd+F'", "ALI+\u00fc\u00bc'", "ZZ+1'", "MOA+" + string.Join(':', Enumerable.Repeat("1", 40)) + "'",
            "TXT+" + new string('\u00e4', 300) + "?::" + new string('b', 300) + "'", "GIR+" + new string('x', 20_000) + "'", "N?X+1'", "ABC?'+1'",
        ];
        Gen.Frequency((9, Gen.OneOf(segments[..5])), (1, Gen.OneOf(segments))).Array[0, 2000].Sample(
            run =>
            {
                var text = $"UNA:+.? 'UNB+{identifier}:3+A+B+260401:0815+1'UNH+1+ORDERS:D:96A:UN'{string.Concat(run)}UNT+2+1'UNZ+1+1'";
                var file = Encoding.GetEncoding(encoding).GetBytes(text);
                Assert.Equal(Dump.Of(file, single: true), Dump.Of(file));
            },
            iter: 40);
    }

    [Fact]
    public void Every_file_of_the_corpus_reads_the_same_in_any_chunks()
    {
        if (Repository.Shared is null)
            return;
        var files = Directory.GetFiles(Path.Combine(Repository.Shared, "corpus", "files"), "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 200);
        foreach (var path in files)
        {
            var file = File.ReadAllBytes(path);
            var whole = Dump.Of(file);
            Assert.Equal(whole, Dump.Of(file, chunk: 1));
            Assert.True(whole == Dump.Of(file, single: true), path);
            Assert.True(whole == Dump.Of(file, chunk: 7, buffer: 64, window: 64), path);
            Assert.True(whole == Dump.Of(file, chunk: 1000, buffer: 1, window: 33), path);
        }
    }

    /// <summary>Where chunks, buffers and windows end, what stands in the file, and what became of it on its way.</summary>
    [Fact]
    public void Damaged_files_and_any_bytes_end_and_read_the_same_in_any_chunks()
    {
        var file = Gen.Frequency(
            (3, Gen.Int[0, samples.Length - 1].Select(Bytes)),
            (3, Forms.Any.SelectMany(form => Specimen.In(form)).Select(specimen => specimen.Bytes)),
            (1, Gen.Byte.Array[1, 400]));
        Gen.Select(file.SelectMany(sound => Damage.To(sound, most: 5)), Gen.Int[1, 9], Gen.Int[1, 99], Gen.Int[1, 99]).Sample(
            (bytes, chunk, buffer, window) =>
            {
                var options = new ReaderOptions { SegmentBytesMax = 200 };
                var whole = Dump.Of(bytes, options: options);
                Assert.Equal(whole, Dump.Of(bytes, chunk, buffer, window, options));
                Assert.Equal(whole, Dump.Of(bytes, options: options, single: true));
                Assert.Equal(Count(whole, "MessageStart"), Count(whole, "MessageEnd"));
            },
            iter: 3000,
            print: sample => $"chunk {sample.Item2}, buffer {sample.Item3}, window {sample.Item4}\n{Encoding.Latin1.GetString(sample.Item1)}");
    }

    static int Count(string text, string name) => text.Split('\n').Count(line => line.StartsWith(name, StringComparison.Ordinal));
}
