using System.Globalization;
using System.Reflection;
using System.Text;

namespace DistributorHub.Fuzz;

/// <summary>
/// Small files of all kinds that inputs are made from. They are part of the program, so that an input's number means the same bytes
/// wherever it is run.
/// </summary>
static partial class Seeds
{
    const int BriefBytesMax = 500;

    /// <summary>The files, always in the same order.</summary>
    public static byte[][] All { get; } = [.. Texts(Order, Purchase), .. Samples()];

    /// <summary>The same envelopes around messages of a few segments, which take less time.</summary>
    public static byte[][] Brief { get; } = [.. Texts(BriefOrder, BriefPurchase).Where(seed => seed.Length <= BriefBytesMax)];

    static IEnumerable<byte[]> Samples()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("seeds/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return bytes;
        }
    }

    static IEnumerable<byte[]> Texts(string order, string purchase) =>
    [
        .. EdifactTexts(order).Select(Encoding.Latin1.GetBytes), .. X12Texts(purchase).Select(Encoding.Latin1.GetBytes),
        .. MixedTexts(purchase).Select(Encoding.Latin1.GetBytes), .. Utf8Texts(purchase).Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>An EDIFACT interchange around messages of one type; the counts are right.</summary>
    static string Edifact(string type, string[] messages, string syntax = "UNOC:3", string una = "", string line = "", string further = "", string group = "")
    {
        var text = new StringBuilder();
        if (una.Length > 0)
            text.Append("UNA").Append(una).Append(line);
        text.Append($"UNB+{syntax}+4012345000016:14+4098765000027:14+{(syntax[^1] == '4' ? "20260401" : "260401")}:0815+R1{further}'").Append(line);
        if (group.Length > 0)
            text.Append($"UNG+{type.Split(':')[0]}+4012345000016:14+4098765000027:14+260401:0815+{group}+UN+D:96A'").Append(line);
        for (var i = 1; i <= messages.Length; i++)
        {
            var body = messages[i - 1];
            text.Append(Invariant($"UNH+{i}+{type}'")).Append(line).Append(body.Replace("'", "'" + line, StringComparison.Ordinal))
                .Append(Invariant($"UNT+{body.Count(c => c == '\'') + 2}+{i}'")).Append(line);
        }
        if (group.Length > 0)
            text.Append(Invariant($"UNE+{messages.Length}+{group}'")).Append(line);
        return text.Append(Invariant($"UNZ+{(group.Length > 0 ? 1 : messages.Length)}+R1'")).Append(line).ToString();
    }

    static string X12(string set, string code, string[] bodies, string release = "004010", string version = "00401", string eleven = "U", string line = "",
        string ask = "0", string before = "")
    {
        var text = new StringBuilder($"ISA*00*          *00*          *ZZ*ACME           *01*SHOP           *260401*0815*{eleven}*{version}*000000905*{ask}*T*:~").Append(line);
        text.Append(before).Append($"GS*{code}*ACME*SHOP*20260401*0815*7*X*{release}~").Append(line);
        for (var i = 1; i <= bodies.Length; i++)
            text.Append(Invariant($"ST*{set}*{i:0000}~")).Append(line).Append(bodies[i - 1].Replace("~", "~" + line, StringComparison.Ordinal))
                .Append(Invariant($"SE*{bodies[i - 1].Count(c => c == '~') + 2}*{i:0000}~")).Append(line);
        return text.Append(Invariant($"GE*{bodies.Length}*7~")).Append(line).Append("IEA*1*000000905~").Append(line).ToString();
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
