using System.Globalization;

namespace DistributorHub.Fuzz;

/// <content>What stands in the files. Latin-1: one character is one byte.</content>
static partial class Seeds
{
    const string Order = "BGM+220+PO-4711+9'DTM+137:20260301:102'FTX+AAI+++Bitte p\u00fcnktlich:O?'Neil??'RFF+CT:C-99'NAD+BY+4000001000005::9++M\u00fcller GmbH'"
        + "CTA+OC+:Frau Meier'COM+einkauf@mueller.example:EM'CUX+2:EUR:9'LIN+1++4006381333931:EN'PIA+1+STAB-88:SA+B-1:IN'IMD+F++:::Textmarker'"
        + "QTY+21:10:PCE'PRI+AAA:1.25'LIN+2'QTY+21:2,5:KGM'UNS+S'CNT+2:2'";

    const string Prices = "BGM+9+PL-1+9'DTM+137:20260215:102'DTM+273:2026030120260831:718'NAD+SU+4012345000009::9'CUX+2:EUR:8'PGI+11+SCH'LIN+1+1+4006381333931:EN'"
        + "PIA+5+A:SA'PRI+AAA:1.25:::100'RNG+4+PCE:100:999'ALC+A++++FC'PCD+3:5.5'PGI+11+PAP'LIN+3++4006381333948:EN'PRI+AAA:0.0075'";

    const string Despatch = "BGM+351+D1+9'DTM+11:20260401:102'NAD+SU+1::9'CPS+1'PAC+2'CPS+2+1'LIN+1++4006381333931:EN'QTY+12:5'CPS+3+2'CPS+9+7'LIN+2'QTY+12:5'";

    const string Small = "BGM+220+A+9'DTM+137:20260301:102'NAD+BY+1::9'LIN+1'UNS+S'";

    const string Purchase = "BEG*00*SA*PO-1**20260301~CUR*BY*USD~REF*CT*K-7~PER*OC*X*TE*5551234~DTM*002*20260310~N1*BY*ACME STORES*UL*4000001000005~N3*1 MAIN ST~"
        + "N4*SPRINGFIELD*IL*62701*US~PO1*1*10*EA*12.5*CA*UP*036000291452*VN*BOLT-1~PID*F****HEX BOLT~PO1*2*4*DZ***VP*NUT-2~CTT*2~";

    const string BriefOrder = "BGM+220+PO-1+9'DTM+137:20260301:102'FTX+AAI+++p\u00fcnktlich:O?'Neil??'NAD+BY+4000001000005::9++M\u00fcller'LIN+1++4006381333931:EN'"
        + "QTY+21:2,5:KGM'UNS+S'";

    const string BriefPurchase = "BEG*00*SA*PO-1**20260301~N1*BY*ACME*UL*4000001000005~PO1*1*10*EA*12.5*CA*VN*BOLT-1~PID*F****HEX BOLT~CTT*1~";

    const string Levels = "BSN*00*S1*20260401*0815~HL*1**S~TD5**2*UPSN~HL*2*1*O~PRF*PO1~HL*3*2*P~MAN*GM*00000123~HL*4*3*I~SN1**5*EA~HL*5*9*I~HL*5*3*I~CTT*5~";

    static IEnumerable<string> EdifactTexts(string order) =>
    [
        Edifact("ORDERS:D:96A:UN:EAN008", [order]),
        Edifact("ORDERS:D:96A:UN:EAN008", [order, Small], una: ":+.? '", line: "\r\n", further: "++++1"),
        Edifact("ORDERS:D:01B:UN:EAN010", [order], una: ":+,? '", line: "\n"),
        Edifact("PRICAT:D:96A:UN", [Prices], una: ":+.? '", line: "\r\n"),
        Edifact("DESADV:D:96A:UN", [Despatch], further: "++++1+X+1"),
        Edifact("INVOIC:D:96A:UN", ["BGM+380+I1+9'DTM+137:20260401:102'NAD+SU+1::9'LIN+1'QTY+47:5'MOA+203:10,5'UNS+S'MOA+86:10,5'TAX+7+VAT+++:::19'MOA+124:2'"]),
        Edifact("ORDERS:D:96A:UN", [Small, Small, Small], group: "7"),
        Edifact("ORDERS:D:96A:UN", [.. Enumerable.Repeat(Small, 12)]),
        Edifact("ORDERS:D:96A:UN", [order.ToUpperInvariant()], syntax: "UNOA:1"),
        Edifact("ORDERS:D:96A:UN", [order], syntax: "UNOB:2", una: ":+.? '"),
        Edifact("ORDERS:D:96A:UN", [order + "FTX+AAI+++\u00b1\u00e6\u00f3'"], syntax: "UNOD:3"),
        Edifact("ORDERS:D:96A:UN", [order + "FTX+AAI+++\u00bf\u00e0\u00ff'"], syntax: "UNOE:3"),
        Edifact("ORDERS:D:96A:UN", ["BGM+220+PO1*PO2+9'DTM+137:20260301:102*2:20260302:102'NAD+BY+1::9'LIN+1'PIA+1+A:SA*B:IN'UNS+S'"], syntax: "UNOC:4", una: ":+.?*'"),
        Edifact("ORDERS:D:96A:UN", [Small], syntax: "UNOX:3"),
        Edifact("ORDERS:D:96A:UN", ["BGM+220+\u0007A\tB'NAD+BY+a\r\nb?\r\n+c'QTY+21:1\r'\n\x1a\u0001LIN+1''bgm+1'X+1'"]),
        // Other service characters.
        Edifact("ORDERS:D:96A:UN", [order], una: ":+.? '").Replace('\'', '~').Replace('+', '|').Replace('?', '\\').Replace(':', '^'),
        Edifact("ORDERS:D:96A:UN", [Small], una: ":+.? '").Replace('\'', '\n'),
        Edifact("ORDERS:D:96A:UN", [Small], una: ":+.  '", line: "\r"),
        Edifact("ORDERS:D:96A:UN", [order], una: ":+.? '").Replace('?', '\t').Replace(':', '\u00a7'),
        Edifact("ORDERS:D:96A:UN", [order], una: ":+.? '").Replace('?', '\u00c3').Replace('+', '\u00bc'),
        Edifact("ORDERS:D:96A:UN", [order], syntax: "UNOC:4", una: ":+.?\t'").Replace('\'', '\r'),
        Edifact("ORDERS:D:96A:UN", [Small]).Replace('\'', '\n'),
        Edifact("ORDERS:D:96A:UN", [Small], syntax: "UNOB:2").Replace('\'', '\u001c').Replace('+', '\u001d').Replace(':', '\u001f'),
        "UNH+1+ORDERS:D:96A:UN'BGM+220+1+9'UNT+3+1'UNZ+1+1'",
        "UNA:+.? 'UNH+1+ORDERS:D:96A:UN'BGM+220+1+9'UNT+3+1'",
        Edifact("CONTRL:D:3:UN", ["UCI+R1+1:14+2:14+4+18+UNZ+1:1'UCM+1+ORDERS:D:96A:UN+4+12'UCS+3+13'UCD+12+2:1'"]),
        Edifact("CONTRL:4:1:UN", ["UCI+R1+1:14+2:14+7'UCF+7+1+2+4+29'UCM+1+ORDERS:D:96A:UN+7'"], syntax: "UNOC:4"),
        Edifact("CONTRL:2:2:UN:EAN002", ["UCI+R1+1:14+2:14+8'"]),
        Edifact("APERAK:D:96A:UN", ["BGM++A1+11+RE'DTM+137:202604010815:203'RFF+ON:4711'NAD+MS+1::9'ERC+MAP2101::91'FTX+AAO+++Missing'"]),
    ];

    static IEnumerable<string> X12Texts(string purchase) =>
    [
        X12("850", "PO", [purchase]),
        X12("850", "PO", [purchase, purchase], line: "\r\n", ask: "1"),
        X12("850", "PO", [purchase.Replace("PO-1", "PO^1", StringComparison.Ordinal)], "005010", "00501", "^", "\n"),
        X12("850", "PO", [.. Enumerable.Repeat("BEG*00*SA*PO-1**20260301~PO1*1*5*EA*9.99~CTT*1~", 8)]),
        X12("856", "SH", [Levels]),
        X12("832", "SC", ["BCT*PS*CAT-7********00~DTM*007*20260301~CUR*SE*USD~LIN*1*VN*BOLT-1*UP*036000291452~PID*F****HEX BOLT~CTP*WS*WHL*1.5*100*BX~SAC*A*C310****Z*5.5~"]),
        X12("810", "IN", ["BIG*20260401*I1~N1*RE*ACME~IT1*1*5*EA*9.99~TDS*4995~CTT*1~"], ask: "1"),
        X12("850", "PO", ["BEG*00*SA*P\u00fcO-1**20260301~BIN*12*AB~CD*EF:GHI~BDS*ASC*5*~~~~~~BIN*x*AB~BIN*99*AB~bin*3*~*:~PO1*1*5*EA*9.99~CTT*1~"]),
        X12("997", "FA", ["AK1*PO*7~AK2*850*0001~AK3*PO1*9**8~AK4*2*330*1*A~AK5*R*5~AK9*R*1*1*0~"]),
        X12("999", "FA", ["AK1*PO*7*005010~AK2*850*0001~IK3*PO1*9**8~CTX*SITUATIONAL TRIGGER*PO1*9~IK4*2:1*330*1*A~IK5*R*5~AK9*R*1*1*0~"], "005010", "00501", "^"),
        X12("824", "AG", ["BGN*11*1-1*20260401*0815~OTI*TR*TN*PO-1*ACME*SHOP*20260401**7*0001*850~TED*024*No such item~"]),
        X12("850", "PO", [purchase], before: "TA1*000000001*260401*0815*A*000~"),
        X12("850", "PO", [purchase], "007060", "00706", "^", before: "ISX*?~").Replace("HEX BOLT", "HEX?*BO?~LT??", StringComparison.Ordinal),
        X12("850", "PO", [purchase]).Replace('~', '\n').Replace('*', '|'),
        X12("850", "PO", [purchase]).Replace('~', '\u0085').Replace(':', '\u00a7').Replace("HEX", "H\u00c2\u00a7EX", StringComparison.Ordinal),
        X12("850", "PO", [purchase]).Replace('~', '\r').Replace(':', '\u001f'),
        X12("850", "PO", [purchase], "005010", "00501", "~"),
        X12("850", "PO", [purchase]).Insert(80, "\r\n").Insert(160, "\r\n").Replace('~', '\n'),
        "ISA*00**00**ZZ*ACME*01*SHOP*260401*0815*U*00401*905*1*P*>   \n~\nGS*PO*ACME*SHOP*20260401*0815*7*X*004010VICS~\nST*850*0001~\nBEG*00*SA*1**20260301~\nSE*3*0001~\nGE*1*7~\nIEA*1*905~",
        "GS*PO*ACME*SHOP*20260401*0815*7*X*004010~ST*850*0001~BEG*00*SA*1**20260301~SE*3*0001~GE*1*7~",
        "ISA*00*          *00*          *ZZ*ACME           *01*SHOP           *260401*0815*U*00401*000000905*1*T*:~ST*850*0001~SE*2*0001~GE*1*7~TA1*1~ISB*1~IEA*0*905~",
    ];

    static IEnumerable<string> MixedTexts(string purchase) =>
    [
        "",
        "junk UNB+ ISA* UNA",
        "\u00ef\u00bb\u00bf" + Edifact("ORDERS:D:96A:UN", [Small]) + "\0\0\r\n" + X12("850", "PO", [purchase], line: "\r\n") + "\u001a\u001a" + Edifact("ORDERS:D:96A:UN", [Small], una: ":+.? '"),
        "HELLO " + Edifact("ORDERS:D:96A:UN", [Small]) + Edifact("ORDERS:D:96A:UN", [Small]) + "\u00ef\u00bb\u00bfbye",
        Edifact("ORDERS:D:96A:UN", [Small])[..^30] + X12("850", "PO", [purchase])[..^40] + Edifact("ORDERS:D:96A:UN", [Small], una: ":+.? '"),
        Edifact("ORDERS:D:96A:UN", ["BGM+220+A+9'FTX+AAI+++" + new string('\u00e4', 300) + "?::" + new string('b', 100) + "'GIR+" + string.Join(':', Enumerable.Repeat("1", 60)) + "'"]),
        "UNB+UNOC:3+A:14:X+B+260401:0815:Z+R1++AREF+A+1+AGR+1'UNG+ORDERS+A+B+260401:0815+7+UN+D:96A:X+P'UNE+0+7'UNG++++++'UNH+1+INVOIC:D:96A:UN'UNT+2+1'UNZ+2+R1'",
        string.Create(CultureInfo.InvariantCulture, $"UNB+UNOC:3+{new string('S', 60)}:{new string('Q', 9)}+B?'?+?:??+260401:0815+{new string('R', 80)}'UNH+{new string('M', 90)}+ORDERS:D:96A:UN'UNT+3+x'UNZ+9+y'"),
        "U\0N\0B\0+\0",
    ];

    /// <summary>The same in UTF-8.</summary>
    static IEnumerable<string> Utf8Texts(string purchase) =>
    [
        Edifact("ORDERS:D:96A:UN", ["BGM+220+\u4e2d\u6587+9'FTX+AAI+++\u00e4\u20ac\U0001F600?'?+:\u03b1'LIN+1'UNS+S'"], syntax: "UNOY:4", una: ":+.?*'"),
        Edifact("ORDERS:D:96A:UN", ["BGM+220+1+9'FTX+AAI+++\u00e4\u00f6\u00fc:\u00e9'LIN+1'UNS+S'"]),
        Edifact("ORDERS:D:96A:UN", ["BGM+220+1+9'FTX+AAI+++\u00e4\u00f6\u00fc:\u00e9'LIN+1'UNS+S'"], syntax: "UNOA:2"),
        X12("850", "PO", [purchase.Replace("HEX", "\u00c4\u20ac\U0001F600", StringComparison.Ordinal)]),
        X12("850", "PO", [purchase]).Replace('~', '\u00a7').Replace(':', '\u2020'),
        X12("850", "PO", [purchase.Replace("BOLT-1", "B\u2021A", StringComparison.Ordinal)], line: "\r\n").Replace('~', '\u2020'),
    ];
}
