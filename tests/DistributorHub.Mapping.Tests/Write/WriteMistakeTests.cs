using DistributorHub.Mapping.Tests.Language;

namespace DistributorHub.Mapping.Tests.Write;

/// <summary>Mistakes in maps that write, made one at a time in a base map.</summary>
public sealed class WriteMistakeTests
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        // The order of the message.
        { "- DTM[137]: issued_at                    # qualifier, value and 2379 all from the segment dictionary\n", "",
            "10:3 MAP1502 DTM is mandatory in ORDRSP D.96A, and has no rule before FTX. (add - DTM: …)" },
        { "- UNS.0081: 'S'\n- CNT[2]: count(lines)", "- CNT[2]: count(lines)\n- UNS.0081: 'S'",
            "43:3 MAP1501 UNS cannot stand behind CNT[2] in ORDRSP D.96A. (in ORDRSP D.96A it stands between LIN and MOA: move it there)" },
        { "- CUX:\n", "- DTM[2]: ordered_on\n- CUX:\n",
            "21:3 MAP1501 DTM cannot stand behind NAD[SU] in NAD of ORDRSP D.96A. (in ORDRSP D.96A it stands between BGM and PAI: move it there)" },
        { "  - QTY[21]:\n", "  - PRI[AAB]: lines.net_price?\n  - QTY[21]:\n",
            "35:5 MAP1501 QTY cannot stand behind PRI[AAB] in LIN/PRI of ORDRSP D.96A. (in LIN it stands between MEA and PCD: move it there)\n38:5 MAP1501 QTY cannot stand behind PRI[AAB] in LIN/PRI of ORDRSP D.96A. (in LIN it stands between MEA and PCD: move it there)" },
        { "  - LIN:\n", "  - PIA[1]:\n      C212[SA]: lines.supplier_sku?\n  - LIN:\n",
            "25:10 MAP1501 A row of the group LIN starts with LIN, and the first rule is of another segment. (- group: LIN, and below write: - LIN: …)" },
        { "- for: lines\n  group: LIN", "- for: lines\n  group: LOC",
            "25:10 MAP1501 A row of the group LOC starts with LOC, and the first rule is of another segment. (- group: LOC, and below write: - LOC: …)" },
        { "- UNS.0081: 'S'", "- UNS[: 'S'",
            "42:7 MAP1010 A code is missing here. (DTM[137], N1[BY, 03=UL], PRI[AAA, !RNG])" },
        { "- RFF[ON]: order_no", "- NAD/RFF[ON]: order_no",
            "13:3 MAP1002 'NAD/RFF[ON]' does not name one segment. (write the segment alone: the groups around it follow from the order of the rules)" },
        // Elements and codes.
        { "C002.1001: '231'", "C002.1001: 'ORDRSP'",
            "7:16 MAP1204 BGM.C002.1001 takes 3 characters, and this may have 6. (write left(…, 3), or let the document's field be text(3))\n7:16 MAP1505 warning: 'ORDRSP' is no code of 1001 in D.96A." },
        { "    1225: code(status, ordrsp_status)", "    1226: code(status, ordrsp_status)",
            "9:5 MAP1102 BGM has no element 1226. (did you mean 1225?)" },
        { "DTM[171]: ordered_on ", "DTM[717]: ordered_on ",
            "14:7 MAP1505 warning: '717' is no code of 2005 in D.96A." },
        { "- RFF[ON]: order_no", "- RFF[ON|VN]: order_no",
            "13:7 MAP1504 What is written is one code. (RFF[ON])" },
        { "- RFF[ON]: order_no", "- RFF: order_no",
            "13:3 MAP1502 RFF cannot do without C506.1153, which has no rule. (add C506.1153: … below it)" },
        { "      C212[EN]: lines.gtin?", "      C212[EN]: lines.gtin?\n      C212[UP]: lines.gtin?",
            "27:5 MAP1504 LIN has 1 place(s) for C212, and 2 are written. (write a second segment where the message has room for it)" },
        { "      1082: lines.line_no", "      1082: lines.line_no\n      C212: lines.gtin",
            "29:7 MAP1104 LIN.C212 is a composite: say which value. (C212[code], C212.7140, .7143, .1131, .3055)" },
        // Types.
        { "    1004: response_no", "    1004: response_id",
            "8:11 MAP1202 BGM.1004 holds a text, and this is a whole number. (use text(…))" },
        { "    1004: response_no", "    1004: join('', response_no, note?)",
            "" },
        { "C108.4440: note?", "C108.4440: note?\n    4453: note?",
            "13:11 MAP1204 FTX[AAI].4453 takes 3 characters, and this may have 70. (write left(…, 3), or let the document's field be text(3))" },
        { "- DTM[67]: lines.promised_on?", "- DTM[67]: lines.uom",
            "40:14 MAP1202 DTM[67] holds a date or time, and this is a text. (use date(…, 'yyyyMMdd'))" },
        { "C186.6060: lines.ordered_qty", "C186.6060: lines.uom",
            "35:18 MAP1202 QTY[21].C186.6060 holds a decimal number, and this is a text. (use dec(…))" },
        // Fields.
        { "- RFF[ON]: order_no", "- RFF[ON]: orderno",
            "13:12 MAP1308 order_response has no field 'orderno'. (did you mean order_no?)" },
        { "  - DTM[67]: lines.promised_on?", "  - DTM[67]: promised_on?",
            "40:14 MAP1308 order_response has no field 'promised_on'. (did you mean lines.promised_on?)" },
        { "- CNT[2]: count(lines)", "- CNT[2]: lines.line_no",
            "43:11 MAP1402 'lines' is a list: lines.line_no has a value in each row of it. (wrap it in count/sum/min/max/first/last, or write it under for: lines)" },
        { "- CNT[2]: count(lines)", "- CNT[2]: count(line)",
            "43:17 MAP1308 order_response has no list 'line'. (did you mean lines?)" },
        { "- CNT[2]: count(lines)", "- CNT[2]: count(LIN)",
            "43:17 MAP1203 count takes a list of the document, or a field of one. (count(lines), sum(lines.qty))" },
        { "- for: lines", "- for: line",
            "24:8 MAP1308 order_response has no list 'line'. (did you mean lines?)" },
        { "$partner.own_gln", "$partner.owngln",
            "19:16 MAP1106 $partner has no 'owngln'. (did you mean own_gln?)" },
        { "$partner.own_gln", "$env.sender",
            "19:16 MAP1106 '$env.sender' is nothing a document has. ($partner.id, $n; fields stand without $)" },
        { "$partner.own_gln", "NAD[SU].C082.3039",
            "19:16 MAP1106 This map makes the message, and reads no segments. (write a field of the document, a variable or a text in quotes)" },
        { "1225: code(status, ordrsp_status)", "1225: code(status, price_type)",
            "9:11 MAP1505 warning: 'AAA' (of the list price_type) is no code of 1225 in D.96A.\n9:11 MAP1505 warning: 'AAB' (of the list price_type) is no code of 1225 in D.96A.\n9:11 MAP1505 warning: 'AAE' (of the list price_type) is no code of 1225 in D.96A." },
        // The head.
        { "from: { document: order_response } ", "from: { document: order_responce } ",
            "3:19 MAP1308 There is no document 'order_responce'. (did you mean order_response?)" },
        { "release: D.96A, assigned", "release: [D.96A, D.97A], assigned",
            "4:52 MAP1002 A map writes one release. (write a map for each release that a partner wants)" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_where_it_stands(string old, string edit, string expected) => Assert.Equal(expected, Said("base/ordrsp-edifact", old, edit));

    internal static string Said(string id, string old, string edit)
    {
        var maps = new Maps();
        var text = maps[$"{id}.yaml"];
        Assert.Equal(2, text.Split(old).Length);
        maps[$"{id}.yaml"] = text.Replace(old, edit, StringComparison.Ordinal);
        var (map, diagnostics) = maps.CompileWrite(id);
        Assert.Equal(diagnostics.TrueForAll(d => d.Warning), map is not null);
        return string.Join('\n', diagnostics.Select(Maps.Short));
    }
}
