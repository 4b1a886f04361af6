using System.Text;
using DistributorHub.Edi;
using DistributorHub.Mapping.Run;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary>Which rows are made, in which order, with which parents.</summary>
public sealed class RowTests
{
    const string Doc = "- table: doc\n  set: { no: BGM.1004 }\n";

    [Fact]
    public void Where_skips_a_row_and_everything_nested_in_it()
    {
        var file = SmallMap.Map(Doc + """
            - table: line
              for: LIN
              where: QTY[21]? > 1
              set:
                no: $n
                n: QTY[21]
              rows:
              - table: tier
                for: PRI
                set: { no: $n, n: PRI.C509.5118, t: text($line.n) }
            """,
            SmallMap.Head + "LIN+1'QTY+21:1'PRI+AAA:9'LIN+2'QTY+21:2'PRI+AAA:8'PRI+AAB:7'LIN+3'PRI+AAA:6'LIN+4'QTY+21:3'PRI+AAA:5'" + SmallMap.Tail);
        Assert.Empty(file.Faults);
        // $n counts rows, not instances; a null condition is no row.
        Assert.Equal(["no=1 | n=2", "no=2 | n=3"], file.Rows("line"));
        Assert.Equal(["no=1 | t=2 | n=8", "no=2 | t=2 | n=7", "no=1 | t=3 | n=5"], file.Rows("tier"));
        Assert.Equal([1L, 1L, 2L], file.Parents("tier"));
        Assert.Equal([1L, 1L], file.Parents("line"));
    }

    [Fact]
    public void A_header_that_where_skips_takes_its_children_along()
    {
        var rows = "- table: doc\n  where: BGM.1225 = '9'\n  set: { no: BGM.1004 }\n- table: line\n  for: LIN\n  set: { no: $n }\n";
        Assert.Equal(3, SmallMap.Map(rows, SmallMap.Head + "LIN+1'LIN+2'UNS+S'").RowCount);
        Assert.Equal(0, SmallMap.Map(rows, SmallMap.Head.Replace("A1+9", "A1+1", StringComparison.Ordinal) + "LIN+1'LIN+2'UNS+S'").RowCount);
    }

    [Fact]
    public void For_takes_only_instances_that_pass_its_predicates()
    {
        var file = SmallMap.Map(Doc + "- table: line\n  for: LIN\n  set: { no: $n }\n  rows:\n  - table: tier\n    for: PRI[AAA|AAB, RNG]\n    set: { no: $n, n: PRI.C509.5118 }\n",
            SmallMap.Head + "LIN+1'PRI+AAA:1'PRI+AAB:2'RNG+4+PCE:1'PRI+AAE:3'RNG+4+PCE:1'PRI+AAA:4'RNG+4+PCE:1'" + SmallMap.Tail);
        Assert.Equal(["no=1 | n=2", "no=2 | n=4"], file.Rows("tier"));
    }

    [Fact]
    public void Rows_outside_the_unit_read_their_own_group_instance()
    {
        var file = SmallMap.Map(Doc + "- table: line\n  for: NAD\n  set:\n    no: $n\n    t: NAD.3035\n    t2: first(CTA/COM[EM]?)\n",
            "BGM+220+A1+9'DTM+137:20260301:102'NAD+BY+1::9'CTA+OC+:a'COM+a@x.example:EM'NAD+SU+2::9'NAD+DP+3::9'CTA+OC+:b'COM+1:TE'CTA+OC+:c'COM+c@x.example:EM'LIN+1'UNS+S'");
        Assert.Equal(["no=1 | t=BY | t2=a@x.example", "no=2 | t=SU", "no=3 | t=DP | t2=c@x.example"], file.Rows("line"));
    }

    [Fact]
    public void A_group_inside_a_group_knows_the_instance_around_it()
    {
        var file = SmallMap.Map(Doc + "- table: line\n  for: NAD/CTA\n  set: { no: $n, t: CTA.C056.3412, t2: /NAD.3035 }\n",
            "BGM+220+A1+9'DTM+137:20260301:102'NAD+BY+1::9'CTA+OC+:a'CTA+OC+:b'NAD+SU+2::9'CTA+OC+:c'LIN+1'UNS+S'");
        Assert.Equal(["no=1 | t=a | t2=BY", "no=2 | t=b | t2=BY", "no=3 | t=c | t2=SU"], file.Rows("line"));
    }

    [Fact]
    public void Totals_after_the_lines_and_folds_over_them_stand_in_the_header_row()
    {
        var file = SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n    i: count(LIN)\n    n: MOA[86]\n    n2: sum(LIN/QTY[21])\n    t: last(LIN/PIA.C212[SA]?)\n"
                + "    t2: min(LIN/PIA.C212[SA]?)\n  check:\n    total: MOA[86] >= 5\n    items: CNT[2]? = count(LIN)\n- table: line\n  for: LIN\n  set: { no: $n }\n",
            SmallMap.Head + "LIN+1'PIA+1+b:SA'QTY+21:2'LIN+2'PIA+1+a:SA'QTY+21:3.5'LIN+3'QTY+21:1'UNS+S'MOA+86:7.5'");
        Assert.Empty(file.Faults);
        Assert.Equal(["no=A1 | t=a | t2=a | i=3 | n=7.5 | n2=6.5"], file.Rows("doc"));
    }

    [Fact]
    public void Folds_start_again_in_every_message()
    {
        var map = SmallMap.Compile("- table: doc\n  set:\n    no: BGM.1004\n    i: count(LIN)\n    n2: sum(LIN/QTY[21])\n");
        var message = SmallMap.Head + "LIN+1'QTY+21:2'LIN+2'QTY+21:3'UNS+S'";
        Assert.Equal(["no=A1 | i=2 | n2=5", "no=A1 | i=2 | n2=5"], MappedFile.Map(map, Samples.Edifact("ORDERS", message, message)).Rows("doc"));
    }

    [Fact]
    public void Two_tables_may_be_filled_from_one_instance()
    {
        var file = SmallMap.Map(Doc + "- table: line\n  for: LIN\n  set: { no: $n }\n  rows:\n  - table: tier\n    set:\n      no: $n\n      n: QTY[21]?\n",
            SmallMap.Head + "LIN+1'QTY+21:2'LIN+2'QTY+21:3'UNS+S'");
        Assert.Equal(["no=1 | n=2", "no=1 | n=3"], file.Rows("tier"));
        Assert.Equal([1L, 2L], file.Parents("tier"));
    }

    [Fact]
    public void A_repeating_segment_makes_rows_as_well()
    {
        var file = SmallMap.Map(Doc + "- table: line\n  for: LIN\n  set: { no: $n }\n  rows:\n  - table: tier\n    for: QTY\n    set: { no: $n, t: QTY.C186.6063, n: QTY.C186.6060 }\n",
            SmallMap.Head + "LIN+1'QTY+21:2'QTY+12:1'LIN+2'QTY+21:3'UNS+S'");
        Assert.Equal(["no=1 | t=21 | n=2", "no=2 | t=12 | n=1", "no=1 | t=21 | n=3"], file.Rows("tier"));
    }

    [Fact]
    public void Blanks_at_the_end_of_a_value_are_dropped_and_blanks_alone_are_no_value()
    {
        var file = SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n    t: join('', FTX[AAI].C108.4440*?)\n    t2: join('/', FTX[AAI].C108.4440*?)\n    short: NAD[BY].3164 ?? 'none'\n    n: MOA[86]\n"
                + "    d: DTM[137]\n    i: count(RFF[CT].C506.1154)\n    b: RFF[CT] = ' C1'\n",
            "BGM+220+A1  +9'DTM+137 :20260301 :102 'FTX+AAI +++one  :two : three :  '"
            + "RFF+CT: C1 'RFF+CT:   'NAD+BY+1::9++++   'LIN+1'UNS+S'MOA+86:7.5'");
        Assert.Empty(file.Faults);
        // Leading blanks stay, and so do those between the parts of one text; join with a separator takes the parts as values.
        Assert.Equal(["no=A1 | t=one  two  three | t2=one/two/ three | short=none | i=1 | n=7.5 | d=2026-03-01 | b=true"], file.Rows("doc"));
    }

    [Fact]
    public void Predicates_on_other_elements_are_and()
    {
        var file = SmallMap.Map("- table: doc\n  set:\n    no: BGM.1004\n    t: NAD[BY, C082.3055=9].C082.3039\n",
            "BGM+220+A1+9'DTM+137:20260301:102'NAD+BY+1::91'NAD+BY+2::9'NAD+SU+3::9'LIN+1'UNS+S'");
        Assert.Equal(["no=A1 | t=2"], file.Rows("doc"));
    }

    [Fact]
    public void Large_messages_come_in_batches()
    {
        var lines = string.Concat(Enumerable.Range(1, 12_000).Select(i => $"LIN+{i}'QTY+21:{i % 100}'"));
        var map = SmallMap.Compile(Doc + "- table: line\n  for: LIN\n  set:\n    no: LIN.1082\n    n: QTY[21]\n");
        var bytes = Encoding.Latin1.GetBytes(Samples.Edifact("ORDERS", SmallMap.Head + lines + SmallMap.Tail));
        var sizes = new BatchSizes();
        var faults = new Findings();
        MappedFile.Run(map, new MemoryStream(bytes), sizes, faults, [], []);
        Assert.Equal(0, faults.Count);
        Assert.Equal([5_000, 5_000, 2_000], sizes.Of["line"]);
        Assert.Equal([1], sizes.Of["doc"]);
    }

    sealed class BatchSizes : Rows.IRowSink
    {
        public Dictionary<string, List<int>> Of { get; } = [];

        public void Write(Rows.RowBatch batch)
        {
            if (!Of.TryGetValue(batch.Table.Name, out var sizes))
                Of.Add(batch.Table.Name, sizes = []);
            sizes.Add(batch.Count);
        }
    }

    [Fact]
    public void The_hash_of_rows_depends_on_every_value_but_not_on_their_order()
    {
        var map = SmallMap.Compile(Doc + "- table: line\n  for: LIN\n  set:\n    no: LIN.1082\n    n: QTY[21]\n");
        string Hash(params string[] lines)
        {
            var sink = new HashSink();
            var text = Samples.Edifact("ORDERS", SmallMap.Head + string.Concat(lines) + SmallMap.Tail);
            MappedFile.Run(map, new MemoryStream(Encoding.Latin1.GetBytes(text)), sink, new(), [], []);
            return sink.ToString();
        }
        const string One = "LIN+1'QTY+21:2'", Two = "LIN+2'QTY+21:3.50'", TwoWithoutZero = "LIN+2'QTY+21:3.5'", Other = "LIN+2'QTY+21:3.51'";
        Assert.Equal(Hash(One, Two), Hash(Two, One));
        Assert.Equal(Hash(One, Two), Hash(One, TwoWithoutZero));
        Assert.NotEqual(Hash(One, Two), Hash(One, Other));
        Assert.NotEqual(Hash(One, One, Two, Two), Hash(One, Two));
        Assert.NotEqual(Hash(One), Hash(Two));
    }
}
