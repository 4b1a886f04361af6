using System.Globalization;

namespace DistributorHub.Mapping.Tests.Run;

/// <summary>Interchanges around hand-written messages: one segment per line, without the envelope.</summary>
static class Samples
{
    public static string Edifact(string type, params string[] messages)
    {
        var text = "UNB+UNOC:3+4000001000005:14+4012345000009:14+260301:1200+I1'";
        for (var i = 0; i < messages.Length; i++)
        {
            var body = messages[i].ReplaceLineEndings("").Trim();
            var count = body.Count(c => c == '\'') + 2;
            text += string.Create(CultureInfo.InvariantCulture, $"UNH+{i + 1}+{type}:D:96A:UN:EAN008'{body}UNT+{count}+{i + 1}'");
        }
        return text + string.Create(CultureInfo.InvariantCulture, $"UNZ+{messages.Length}+I1'");
    }

    public static string X12(string set, string group, string message)
    {
        var body = message.ReplaceLineEndings("").Trim();
        var count = body.Count(c => c == '~') + 2;
        return "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SELLER         *260301*1200*U*00401*000000001*0*P*>~"
            + $"GS*{group}*BUYER*SELLER*20260301*1200*1*X*004010~ST*{set}*0001~{body}"
            + string.Create(CultureInfo.InvariantCulture, $"SE*{count}*0001~GE*1*1~IEA*1*000000001~");
    }

    public const string Orders = """
        BGM+220+PO-4711+9'
        DTM+137:20260301:102'
        DTM+2:202603151200:203'
        FTX+AAI+++Bitte pünktlich:liefern'
        RFF+CT:C-99'
        NAD+BY+4000001000005::9++Müller GmbH:Einkauf+Hauptstr. 1:Haus B+München++80331+DE'
        CTA+OC+:Frau Meier'
        COM+089 123:TE'
        COM+einkauf@mueller.example:EM'
        NAD+SU+4012345000009::9'
        NAD+UC+4098765000003::9++Nicht gefragt'
        CUX+2:EUR:9'
        LIN+1++4006381333931:EN'
        PIA+1+STAB-88:SA+B-1:IN'
        IMD+F++:::Textmarker gelb, :nachfüllbar'
        QTY+21:10:PCE'
        DTM+2:20260320:102'
        PRI+AAA:1.25'
        LIN+2+3+73513537:EN'
        PIA+5+BP-2:BP'
        QTY+21:2.5:KGM'
        PRI+AAA:399.9:::100'
        UNS+S'
        MOA+86:45.5'
        CNT+2:2'
        """;

    public const string Pricat = """
        BGM+9+PL-2026-1+9'
        DTM+137:20260215:102'
        DTM+273:2026030120260831:718'
        NAD+SU+4012345000009::9'
        CUX+2:EUR:8'
        PGI+11+SCH'
        LIN+1+1+4006381333931:EN'
        PIA+5+STAB-88:SA'
        IMD+F++:::Textmarker :gelb'
        PRI+AAA:1.25'
        PRI+AAA:1.10:::100'
        RNG+4+PCE:100:999'
        PRI+AAE:1.99'
        PRI+CAL:1'
        LIN+2+2'
        PIA+1+STAB-89:SA'
        DTM+194:20260401:102'
        CUX+2:USD:8'
        PRI+AAB:2.5:::1:CT'
        DTM+273:2026040120260430:718'
        ALC+A++++FC'
        PCD+3:5.5'
        ALC+C++++DL'
        QTY+1:1'
        RNG+4+PCE:50'
        MOA+8:12.34'
        PGI+11+PAP'
        LIN+3++4006381333948:EN'
        PIA+1+PAP-1:SA'
        PRI+AAA:0.0075'
        """;

    public const string X850 = """
        BEG*00*SA*PO-850-1**20260301~
        CUR*BY*USD~
        REF*CT*K-7~
        DTM*002*20260310~
        N9*L1*N~
        MSG*DELIVER TO DOCK 4~
        MSG*CALL FIRST~
        N1*BY*ACME STORES*UL*4000001000005~
        N2*BUYING OFFICE~
        N3*1 MAIN ST*SUITE 2~
        N4*SPRINGFIELD*IL*62701*US~
        PER*OC*JANE*TE*5551234*EM*jane@acme.example~
        N1*ST*ACME DC 4*92*DC4~
        N1*ZZ*NOT ASKED FOR~
        PO1*1*10*EA*12.5*CA*UP*036000291452*VN*BOLT-1*IN*1001~
        PID*F****HEX BOLT~
        PID*F****ZINC PLATED~
        PO1*2*4*DZ***VP*NUT-2~
        DTM*002*20260312~
        CTT*2~
        AMT*TT*140.25~
        """;

    public const string X832 = """
        BCT*PS*CAT-7********00~
        DTM*097*20260220~
        DTM*007*20260301~
        CUR*SE*USD~
        LIN*1*VN*BOLT-1*UP*036000291452*CG*HARDWARE~
        PID*F****HEX BOLT~
        PID*F****ZINC~
        SAC*A*C310****Z*5.5~
        SAC*C*D240***1250~
        CTP*RS*RES*1.99*1*EA~
        CTP*WS*WHL*1.5*100*BX~
        DTM*007*20260401~
        CTP*WS*CON**1*EA~
        LIN*2*VP*NUT-2~
        CTP***0.05~
        """;
}
