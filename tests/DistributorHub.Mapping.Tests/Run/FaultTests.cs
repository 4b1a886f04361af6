using DistributorHub.Edi;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary>Faults of the data become findings with their place; the row is not written and nothing throws.</summary>
public sealed class FaultTests
{
    [Fact]
    public void A_required_value_missing_from_its_segment_is_told_with_the_segment()
    {
        var file = SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n", "BGM+220++9'DTM+137:20260301:102'NAD+BY+1::9'LIN+1'UNS+S'");
        var fault = file.OnlyFault();
        Assert.Equal(("MAP2101", "BGM", 2, 2), (fault.Code, fault.Tag, fault.At.Segment, fault.At.Element));
        Assert.Equal("ORDERS/BGM.1004", fault.Path);
        Assert.Contains("doc.no", fault.Message, StringComparison.Ordinal);
        Assert.Contains("base/test.yaml:8:", fault.Expected, StringComparison.Ordinal);
        Assert.Equal(Severity.Error, fault.Severity);
        Assert.Equal(0, file.RowCount);
    }

    [Fact]
    public void A_required_segment_that_is_missing_is_told_with_the_segments_searched()
    {
        var file = SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n- table: line\n  for: LIN\n  set:\n    no: $n\n    n: QTY[21]\n",
            SmallMap.Head + "LIN+1'QTY+21:5'LIN+2'QTY+12:5'IMD+F++:::x'" + SmallMap.Tail);
        var fault = file.OnlyFault();
        Assert.Equal(("MAP2101", 7), (fault.Code, fault.At.Segment));
        Assert.Contains("line.n needs QTY[21], which segments 7-9 do not hold", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["no=1 | n=5"], file.Rows("line"));
        Assert.True(fault.At.Offset > 0);
    }

    [Fact]
    public void A_header_value_that_every_line_reads_is_one_fault()
    {
        var file = SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n    d: DTM[2]\n- table: line\n  for: LIN\n  set:\n    no: $n\n    t: text(/DTM[2])\n",
            "BGM+220+A1+9'DTM+2:2026:999'NAD+BY+1::9'LIN+1'LIN+2'LIN+3'" + SmallMap.Tail);
        Assert.Equal(("MAP2104", "DTM", 3), (file.OnlyFault().Code, file.OnlyFault().Tag, file.OnlyFault().At.Segment));
        Assert.Equal(0, file.RowCount);
    }

    [Theory]
    [InlineData("1,5", "no=1 | n=1.5")]
    [InlineData("1.5", "no=1 | n=1.5")]
    public void Without_a_UNA_comma_and_point_both_mark_decimals(string quantity, string row)
    {
        var file = SmallMap.Map("- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set:\n    no: $n\n    n: QTY[21]\n",
            SmallMap.Head + $"LIN+1'QTY+21:{quantity}'" + SmallMap.Tail);
        Assert.Empty(file.FileFaults);
        Assert.Empty(file.Faults);
        Assert.Equal([row], file.Rows("line"));
    }

    [Theory]
    [InlineData("DTM+137:20260301:102'NAD+BY+1::9'LIN+1'QTY+21:1'UNS+S'", "STR3004")]
    [InlineData("BGM+220+A1+9'DTM+137:20260301:102'NAD+BY+1::9'LIN+1'QTY+21:X'UNS+S'", "ELM4005")]
    public void What_the_check_of_the_structure_rejected_is_not_told_again(string message, string code)
    {
        var map = SmallMap.Compile("- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set:\n    no: $n\n    n: QTY[21]\n");
        Assert.Equal([code], MappedFile.OneList(map, Samples.Edifact("ORDERS", message)).Select(fault => fault.Code));
    }

    [Theory]
    [InlineData("MOA+203:7'MOA+203:7'", "no=1 | n=7")]
    [InlineData("MOA+203:7'MOA+203:7.0'", "no=1 | n=7")]
    [InlineData("MOA+203:7'MOA+203:8'", null)]
    public void Several_different_values_are_a_fault_but_equal_ones_are_one(string amounts, string? row)
    {
        var file = SmallMap.Map("- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set:\n    no: $n\n    n: MOA[203]\n",
            SmallMap.Head + "LIN+1'" + amounts + SmallMap.Tail);
        if (row is not null)
        {
            Assert.Empty(file.Faults);
            Assert.Equal([row], file.Rows("line"));
            return;
        }
        var fault = file.OnlyFault();
        Assert.Equal(("MAP2103", "MOA", 7), (fault.Code, fault.Tag, fault.At.Segment));
        Assert.Equal("7 in segment 6, 8 in segment 7", fault.Found);
        Assert.Empty(file.Rows("line"));
    }

    [Theory]
    [InlineData("n", "QTY[21]", "QTY+21:12a'", "MAP2104", "12a")]
    [InlineData("t", "code(QTY[21].C186.6411, uom)", "QTY+21:1:ZZZ'", "MAP2105", "ZZZ")]
    [InlineData("t", "gtin(LIN.C212.7140)", "", "MAP2106", "4006381333932")]
    [InlineData("n", "QTY[21]", "QTY+21:12345.5'", "MAP2108", "12345.5")]
    [InlineData("n", "QTY[21]", "QTY+21:1.125'", "MAP2109", "1.125")]
    [InlineData("n2", "QTY[21] / 0", "QTY+21:1'", "MAP2110", null)]
    [InlineData("n2", "int(LIN.C212.7143)", "", "MAP2104", "EN")]
    [InlineData("t", "digits(LIN.C212.7143)", "", "MAP2101", "EN")]
    [InlineData("t", "text(date(LIN.C212.7140))", "", "MAP2104", "4006381333932")]
    public void A_value_that_does_not_fit_is_told_with_its_place(string column, string expression, string segments, string code, string? found)
    {
        var file = SmallMap.Map($"- table: doc\n  set: {{ no: BGM.1004 }}\n- table: line\n  for: LIN\n  set:\n    no: $n\n    {column}: {expression}\n",
            SmallMap.Head + "LIN+1++4006381333932:EN'" + segments + SmallMap.Tail);
        var fault = Assert.Single(file.Faults);
        Assert.Equal((code, found), (fault.Code, fault.Found));
        Assert.Equal(segments.Length == 0 ? 5 : 6, fault.At.Segment);
        Assert.Contains($"line.{column}", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Advice);
        Assert.Empty(file.Rows("line"));
        Assert.Equal(["no=A1"], file.Rows("doc"));
    }

    [Theory]
    [InlineData("n", "QTY[21]", "12345678901234567890123456789", "a number of at most 28 digits")]
    [InlineData("n", "QTY[21]", "-1234567890123456789012345678.5", "a number of at most 28 digits")]
    [InlineData("n2", "int(QTY[21].C186.6411)", "12345678901234567890", "a number of at most 18 digits")]
    [InlineData("n", "QTY[21]", "1234567890123456789012345678x", "a decimal with '.'")]
    public void A_number_that_is_only_too_long_is_told_so(string column, string expression, string value, string expected)
    {
        var segment = column == "n" ? $"QTY+21:{value}'" : $"QTY+21:1:{value}'";
        var file = SmallMap.Map($"- table: doc\n  set: {{ no: BGM.1004 }}\n- table: line\n  for: LIN\n  set:\n    no: $n\n    {column}: {expression}\n",
            SmallMap.Head + "LIN+1++4006381333932:EN'" + segment + SmallMap.Tail);
        var fault = Assert.Single(file.Faults, f => f.Code == "MAP2104");
        Assert.Contains($"needs {expected}, found '{value}'", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(expected, fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_measured_in_characters()
    {
        const string Rows = "- table: doc\n  set:\n    no: BGM.1004\n    short: FTX[AAI].C108.4440\n";
        Assert.Equal(["no=A1 | short=äöüäö"], SmallMap.Map(Rows, "BGM+220+A1+9'DTM+137:20260301:102'FTX+AAI+++äöüäö'NAD+BY+1::9'LIN+1'UNS+S'").Rows("doc"));
        var fault = SmallMap.Map(Rows, "BGM+220+A1+9'DTM+137:20260301:102'FTX+AAI+++äöüäöü'NAD+BY+1::9'LIN+1'UNS+S'").OnlyFault();
        Assert.Equal("MAP2107", fault.Code);
        Assert.Contains("5 characters, the text has 6", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_period_is_no_day()
    {
        var message = "BGM+220+A1+9'DTM+137:2026030120260331:718'NAD+BY+1::9'LIN+1'UNS+S'";
        var fault = SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n    d: DTM[137]\n", message).OnlyFault();
        Assert.Equal(("MAP2104", "DTM"), (fault.Code, fault.Tag));
        Assert.Contains("period_start", fault.Expected, StringComparison.Ordinal);
        Assert.Equal(["no=A1 | d=2026-03-31"], SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n    d: period_end(DTM[137])\n", message).Rows("doc"));
    }

    [Fact]
    public void All_faults_of_a_row_are_told_at_once_and_other_rows_are_still_checked()
    {
        var file = SmallMap.Map(
            "- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set:\n    no: $n\n    n: QTY[21]\n    t: code(QTY[21].C186.6411, uom)\n",
            SmallMap.Head + "LIN+1'QTY+21:x:ZZ'LIN+2'QTY+21:1:PCE'LIN+3'QTY+21:y:PCE'" + SmallMap.Tail);
        Assert.Equal(["MAP2105", "MAP2104", "MAP2104"], file.Faults.Select(f => f.Code));
        Assert.Equal(["no=2 | t=EA | n=1"], file.Rows("line"));
    }

    [Fact]
    public void A_column_that_children_read_is_reported_once()
    {
        var file = SmallMap.Map(
            "- table: doc\n  set:\n    no: BGM.1004\n    n: CNT[99]?\n    d: DTM[137]\n- table: line\n  for: LIN\n  set:\n    no: $n\n    t: text($doc.d)\n",
            "BGM+220+A1+9'DTM+137:20260230:102'NAD+BY+1::9'LIN+1'LIN+2'UNS+S'");
        Assert.Equal("MAP2104", file.OnlyFault().Code);
        Assert.Equal(0, file.RowCount);
    }

    [Fact]
    public void A_unit_over_its_limit_is_a_finding_and_the_mapper_goes_on_with_the_next_message()
    {
        var text = string.Concat(Enumerable.Repeat($"IMD+F++:::{new string('x', 250)}'", 5_000));
        var huge = SmallMap.Head + "LIN+1'QTY+21:5'LIN+2'" + text + SmallMap.Tail;
        var file = MappedFile.Map(SmallMap.Compile("- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set: { no: $n }\n"),
            Samples.Edifact("ORDERS", huge, SmallMap.Head + "LIN+1'LIN+2'" + SmallMap.Tail));
        Assert.Equal("MAP2301", file.OnlyFault().Code);
        Assert.Equal([null, "A1"], file.DocumentNumbers);
        Assert.Equal(["no=1", "no=1", "no=2"], file.Rows("line"));
    }

    [Fact]
    public void A_header_over_its_limit_is_a_finding()
    {
        var text = string.Concat(Enumerable.Repeat($"NAD+BY+1::9++{new string('x', 250)}'", 20_000));
        var file = SmallMap.Map("- table: doc\n  set: { no: BGM.1004 }\n", SmallMap.Head + text + "LIN+1'" + SmallMap.Tail);
        Assert.Equal("MAP2302", file.OnlyFault().Code);
        Assert.Equal(0, file.RowCount);
    }

    [Fact]
    public void A_map_sets_its_own_limits()
    {
        const string rows = "- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set: { no: $n }\n";
        var text = string.Concat(Enumerable.Repeat($"IMD+F++:::{new string('x', 250)}'", 5_000));
        Assert.Equal(2, SmallMap.Map(rows, SmallMap.Head + "LIN+1'" + text + SmallMap.Tail, "limits: { unit_bytes: 2 MB }\n").RowCount);

        var unit = SmallMap.Map(rows, SmallMap.Head + "LIN+1'IMD+F++:::" + new string('x', 250) + "'" + SmallMap.Tail, "limits: { unit_bytes: 200 }\n").OnlyFault();
        Assert.Equal(("MAP2301", "at most 200 bytes"), (unit.Code, unit.Expected));
        Assert.EndsWith("or raise limits: { unit_bytes: … } in the map.", unit.Advice, StringComparison.Ordinal);
        var frame = SmallMap.Map(rows, SmallMap.Head + "FTX+AAI+++" + new string('x', 70) + "'LIN+1'" + SmallMap.Tail, "limits: { frame_bytes: 64 }\n").OnlyFault();
        Assert.Equal(("MAP2302", "at most 64 bytes"), (frame.Code, frame.Expected));
    }

    [Fact]
    public void A_buffered_message_has_a_limit_of_segments()
    {
        var map = SmallMap.Compile("- table: doc\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set:\n    no: $n\n    n: /MOA[86]?\n",
            "stream: buffer\nmax_segments: 6\n");
        var file = MappedFile.Map(map, Samples.Edifact("ORDERS", SmallMap.Head + "LIN+1'UNS+S'MOA+86:5'"));
        Assert.Equal(["no=1 | n=5"], file.Rows("line"));
        Assert.Equal("MAP2303", MappedFile.Map(map, Samples.Edifact("ORDERS", SmallMap.Head + "LIN+1'LIN+2'UNS+S'MOA+86:5'")).OnlyFault().Code);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(42)]
    public void Random_changes_of_a_message_never_throw(int seed)
    {
        var map = MappedFile.Compile("base/pricat-edifact");
        var random = new Random(seed);
        var original = System.Text.Encoding.Latin1.GetBytes(Samples.Edifact("PRICAT", Samples.Pricat));
        for (var round = 0; round < 300; round++)
        {
            var bytes = (byte[])original.Clone();
            for (var change = random.Next(1, 12); change > 0; change--)
                bytes[random.Next(60, bytes.Length)] = (byte)"+:'?0129AZ. -é"[random.Next(14)];
            var file = MappedFile.Map(map, bytes);
            Assert.True(file.RowCount >= 0);
        }
    }
}
