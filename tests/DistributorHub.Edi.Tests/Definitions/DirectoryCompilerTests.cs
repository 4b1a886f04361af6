using System.IO.Compression;
using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Definitions.Compile;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Edi.Tests.Definitions;

/// <summary>The compiler on a small directory written for it, in the layouts the published ones have had.</summary>
public sealed class DirectoryCompilerTests
{
    const string Segments = """
        2.   Segment specifications

        ----------------------------------------------------------------------

               BGM  BEGINNING OF MESSAGE

               Function: To begin.
                         1131  is no element here.

        010    C002 DOCUMENT/MESSAGE NAME                      C    1
               1001  Document name code                        C      an..3
               1000  Document name that is so long that it
                     goes on                                   C      an..35

        020    1225 MESSAGE FUNCTION CODE                      C    1 an..3

        ----------------------------------------------------------------------

            *  LIN  LINE ITEM

        010    1082 LINE ITEM NUMBER                           M    1 n..6

        020    1229 ACTION CODE                                M    1 an..3
        030    1229 ACTION CODE                                C    1 an..3

        040 +  C212 ITEM                                       C    3
               7140  Item identifier                           M      an..35

            -  7143  DROPPED                                   C      an..3

        ----------------------------------------------------------------------

            -  OLD  NO LONGER THERE

        010    1082 LINE ITEM NUMBER                           M    1 n..6
        """;

    const string Codes = """
        ----------------------------------------------------------------------

        *    1001  Document name code                                      [C]

             Desc: Code specifying the document name.

             Repr: an..3

             220   Order
                      An order.

        +    9     Price/sales catalogue that goes
                   on
                      Text.

        -    10    Dropped
                      Text.

        ----------------------------------------------------------------------

             7139  Not used by these segments                              [C]

             Repr: an..3

             1     One
        """;

    const string Table = """
        4.3.1  Segment table

        00010   UNH Message header                           M   1
        00020   BGM Beginning of message                     M   1

        00030       ---- Segment group 1  ------------------ C   99---------------+
        00040   LIN Line item                                M   1                |
                                                                                  |
        00050 -     ---- Segment group 2  ------------------ C   9---------------+|
        00060 - BGM Beginning                                M   1---------------+|
                                                                                  |
        00070 * ---- Segment group 3  ---------------------- M   9---------------+|
        00080   LIN Line item of a name that is long                             ||
                and goes on                                  M   1---------------++
        00090 X BGM Beginning of message                     C   5
        00100   UNT Message trailer                          M   1
        """;

    [Fact]
    public void The_parts_of_a_directory_become_compact_text()
    {
        var made = DirectoryCompiler.Compile(Zip(("TESTER_D.05A", Title + Table), ("EDSD.05A", Segments), ("UNCL.05A", Codes)));

        Assert.Equal("D.05A", made.Release);
        Assert.Empty(made.Problems);
        Assert.Equal(["TESTER.txt", "codes.txt", "names.txt", "segments.txt"], made.Files.Keys);
        Assert.Equal("message TESTER D.05A\nBGM M1\n+LIN C99                SG1\n  +LIN M9               SG3\nBGM C5\n", made.Files["TESTER.txt"]);
        Assert.Equal("segments D.05A\nBGM  C002{1001 an..3, 1000 an..35}  1225 an..3\nLIN  1082! n..6  1229!x2 an..3  C212x3{7140! an..35}\n", made.Files["segments.txt"]);
        Assert.Equal("codes D.05A\n1001\n 220 Order\n 9 Price/sales catalogue that goes on\n", made.Files["codes.txt"]);
        Assert.Equal("names D.05A\nTESTER A test message of two lines message\nBGM Beginning of message\nLIN Line item\n", made.Files["names.txt"]);
        Assert.Equal((2, 1, 2), (made.Segments, made.CodeLists, made.Codes));
    }

    [Fact]
    public void What_it_writes_is_read_as_a_definition()
    {
        var made = DirectoryCompiler.Compile(Zip(("TESTER_D.05A", Title + Table), ("EDSD.05A", Segments), ("UNCL.05A", Codes)));
        var library = new DefinitionLibrary(made.Files.Keys.Select(f => $"edifact/D.05A/{f}"), path => Encoding.UTF8.GetBytes(made.Files[path.Split('/')[2]]));

        var definition = library.Find(Standard.Edifact, "TESTER", "D.05A")!;
        Assert.Equal("LIN", definition.Nodes[definition.Detail].Tag);
        Assert.Equal([3, 3], definition.Segments.Find("LIN")!.Elements.Where(e => e.Id == "C212").Take(1).Select(e => e.Repeats).Append(definition.Segments.Find("LIN")!.Elements.Count(e => e.Id == "C212")));
        Assert.Equal(["220", "9"], definition.Segments.Codes.Find("1001")!.Select(c => c.Code));
        Assert.Null(definition.Segments.Codes.Find("1225"));
    }

    [Fact]
    public void Box_drawing_corners_of_the_older_layout_close_groups()
    {
        // Code page 437: C4 is a line, BF a corner that begins, B3 a bar, D9 and C1 corners that end.
        var table = """
            4.3.1  Segment table

            0010   UNH Message header                            M   1
            0020       ===== Segment group 1  ================== C   10==========>
            0030   BGM Beginning of message                      M   1           |
            0040       ===== Segment group 2  ================== C   5==========>|
            0050   LIN Line item                                 M   1==========^<
            0060   UNT Message trailer                           M   1
            """.Replace('=', '\u00C4').Replace('>', '\u00BF').Replace('|', '\u00B3').Replace('^', '\u00C1').Replace('<', '\u00D9');
        var made = DirectoryCompiler.Compile(Zip(("TESTER_D.05A", table), ("TRSD.05A", Segments)));

        Assert.Equal("message TESTER D.05A\n+BGM C10                SG1\n  +LIN C5               SG2\n", made.Files["TESTER.txt"]);
        Assert.DoesNotContain("codes.txt", made.Files.Keys);
    }

    [Theory]
    [InlineData("00040   LIN Line item                                M   1                |", "00040   LIN Line item                                M   1", "LIN is drawn inside 0 group(s), but 1 are open")]
    [InlineData("M   1---------------++", "M   1---------------+|", "BGM is drawn inside 0 group(s), but 1 are open")]
    [InlineData("00100   UNT", "00100   UNX", "has no UNT")]
    [InlineData("00010   UNH", "00010   UIH", "no segment table that begins with UNH")]
    [InlineData("00090 X BGM", "00090 X QQQ", "no segment QQQ")]
    [InlineData("C   99---------------+", "C   99----------------", "segment group 1 is not drawn as begun")]
    public void A_message_whose_table_cannot_be_trusted_is_left_out_and_told(string part, string instead, string problem)
    {
        var made = DirectoryCompiler.Compile(Zip(("TESTER_D.05A", Table.Replace(part, instead, StringComparison.Ordinal)), ("OTHERS_D.05A", Table), ("EDSD.05A", Segments)));

        Assert.Contains(problem, Assert.Single(made.Problems), StringComparison.Ordinal);
        Assert.StartsWith("TESTER: ", made.Problems[0], StringComparison.Ordinal);
        Assert.Equal(["OTHERS"], made.Messages);
    }

    [Fact]
    public void Only_the_messages_asked_for_are_taken()
    {
        var made = DirectoryCompiler.Compile(Zip(("TESTER_D.05A", Table), ("OTHERS_D.05A", Table), ("EDSD.05A", Segments)), new HashSet<string> { "OTHERS" });

        Assert.Equal(["OTHERS"], made.Messages);
    }

    [Fact]
    public void A_file_that_is_no_directory_is_refused_in_words()
    {
        Assert.Contains("not a zip", Assert.Throws<DirectoryException>(() => DirectoryCompiler.Compile(new MemoryStream("no zip at all"u8.ToArray()))).Message, StringComparison.Ordinal);
        Assert.Contains("no message", Assert.Throws<DirectoryException>(() => DirectoryCompiler.Compile(Zip(("EDSD.05A", Segments)))).Message, StringComparison.Ordinal);
        Assert.Contains("EDSD.05A", Assert.Throws<DirectoryException>(() => DirectoryCompiler.Compile(Zip(("TESTER_D.05A", Table)))).Message, StringComparison.Ordinal);
        var cut = Zip(("TESTER_D.05A", Table), ("EDSD.05A", Segments)).ToArray();
        Assert.Throws<DirectoryException>(() => DirectoryCompiler.Compile(new MemoryStream(cut[..^40])));
    }

    [Fact]
    public void Random_damage_is_refused_or_told_and_never_throws_anything_else()
    {
        var sound = Zip(("TESTER_D.05A", Table), ("EDSD.05A", Segments), ("UNCL.05A", Codes)).ToArray();
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = sound.ToArray();
            for (var i = random.Next(1, 8); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                Assert.NotNull(DirectoryCompiler.Compile(new MemoryStream(bytes)));
            }
            catch (DirectoryException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    const string Title = "\n                         UN/EDIFACT\n\n            UNITED NATIONS STANDARD MESSAGE (UNSM)\n\n                 A test message\n                 of two lines message\n\n";

    /// <summary>A zip with a zip for each part, as the directories are published.</summary>
    static MemoryStream Zip(params (string Name, string Text)[] files)
    {
        var outer = new MemoryStream();
        using (var archive = new ZipArchive(outer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                var inner = new MemoryStream();
                using (var part = new ZipArchive(inner, ZipArchiveMode.Create, leaveOpen: true))
                using (var stream = part.CreateEntry($"d05a/{name}").Open())
                    stream.Write(Encoding.Latin1.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
                using var entry = archive.CreateEntry($"d05a/{name[..4]}.Zip").Open();
                entry.Write(inner.ToArray());
            }
        }
        outer.Position = 0;
        return outer;
    }
}
