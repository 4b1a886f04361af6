using DistributorHub.Edi.Parse;

namespace DistributorHub.Mapping.Draft;

/// <summary>What the rows of a table are.</summary>
enum RowKind
{
    Header,
    Party,
    Line,
    Price,
    Allowance,
}

/// <summary>
/// Which rules give what a column's name asks for, the likeliest first. Where a message has no such segment the rule does not compile, and the next is
/// taken; qualifiers are those that EANCOM and the VICS guides use.
/// </summary>
static class Vocabulary
{
    sealed record Entry(string[] Names, string Edifact, string X12);

    /// <summary>Documents by message: words of tables that hold them.</summary>
    static readonly (string Types, string Words)[] Documents =
    [
        ("ORDERS 850 875", "order"), ("ORDRSP 855", "response confirmation acknowledgement"), ("ORDCHG 860 865", "change"), ("PRICAT 832 879", "catalogue price"),
        ("INVOIC 810 880", "invoice"), ("DESADV 856", "shipment delivery"), ("INVRPT 846", "inventory stock"), ("SLSRPT 852 867", "sale"),
        ("REMADV 820", "remittance payment"), ("RECADV 861", "receipt receiving"), ("DELFOR 830", "forecast schedule"), ("DELJIT 862", "call schedule"),
        ("QUOTES 843", "quote quotation offer"), ("REQOTE 840", "request inquiry enquiry"), ("PRODAT 888", "product item"), ("PARTIN 816", "party"),
    ];

    static readonly Entry[] Header =
    [
        new(["order no", "order"], "RFF[ON] | BGM.1004 | BGM.C106.1004", "BIG04 | BAK03 | PRF01 | BEG03 | BCH03 | REF[PO]"),
        new(["no", "id", "document", "document no"], "BGM.1004 | BGM.C106.1004", "BEG03 | BIG02 | BCT02 | BAK03 | BCH03 | BSN02 | BIA03 | BPT02 | BGN02 | BFR02 | BQT02"),
        new(["order date"], "RFF/DTM[4] | RFF/DTM[171] | DTM[4]", "BIG03 | BAK04 | PRF04 | BEG05"),
        new(["date", "issued date", "issued", "created", "document date"], "DTM[137] | DTM[4] | DTM[3]", "BEG05 | BIG01 | BSN03 | BAK04 | BCH06 | DTM[097] | BIA04 | BPT03 | BGN03 | $env.date"),
        new(["function"], "code(BGM.1225, msg_function) | code(BGM.1225 ?? '9', msg_function)", "code(BEG01, x12_purpose) | code(BSN01, x12_purpose) | code(BAK01, x12_purpose) | code(BCH01, x12_purpose) | code(BCT10 ?? '00', x12_purpose)"),
        new(["type", "kind"], "BGM.C002.1001", "BEG02 | BIG07 | BAK02 | BCT01"),
        new(["currency"], "CUX.C504[2] | CUX.C504[2] ?? $partner.currency", "CUR02 | CUR02 ?? $partner.currency"),
        new(["delivery date", "delivery", "due date", "required date", "promised date"], "DTM[2] | DTM[64] | DTM[69] | DTM[63] | DTM[10] | DTM[76] | DTM[17] | DTM[35]", "DTM[002] | DTM[010] | DTM[001] | DTM[037] | DTM[038] | DTM[011]"),
        new(["valid from", "valid date", "from", "from date", "effective date"], "DTM[194] | DTM[7] | DTM[157] | period_start(DTM[273])", "DTM[007] | DTM[092]"),
        new(["valid to", "to", "to date"], "DTM[206] | DTM[36] | period_end(DTM[273])", "DTM[036] | DTM[197]"),
        new(["contract no", "contract"], "RFF[CT]", "REF[CT]"),
        new(["quote no", "offer no"], "RFF[AAG]", "REF[PR] | REF[Q1]"),
        new(["department", "department no"], "RFF[IT]", "REF[DP]"),
        new(["supplier no", "supplier id"], "RFF[IA] | NAD[SU].C082.3039", "REF[IA] | REF[VR] | N1[VN].04"),
        new(["shipment no", "delivery no"], "RFF[DQ] | RFF[AAK]", "REF[BM] | BSN02"),
        new(["note", "instruction"], "join(' ', FTX.C108.4440*?)", "join(' ', N9/MSG01?) | join(' ', MSG01?) | first(NTE02)"),
        new(["total", "total amount", "amount", "total value", "value", "gross amount"], "MOA[86] | MOA[79] | MOA[77] | MOA[9] | MOA[128] | MOA[39]", "CTT/AMT[TT] | AMT[TT] | TDS01"),
        new(["net amount", "total net"], "MOA[79] | MOA[125]", "CTT/AMT[1] | TDS02"),
        new(["tax amount", "vat amount"], "MOA[124] | MOA[176]", "TXI02"),
        new(["line count", "item count", "count", "line"], "count({detail})", "count({detail})"),
        new(["party id", "party", "sender", "sender id", "source"], "$partner.id", "$partner.id"),
        new(["file", "file name"], "$file.name", "$file.name"),
        new(["message reference", "message no"], "$msg.reference", "$msg.reference"),
        new(["interchange reference", "interchange no"], "$env.reference", "$env.reference"),
    ];

    static readonly (string Word, string Edifact, string X12)[] Roles =
        [("buyer", "BY", "BY|BS"), ("supplier", "SU", "SU|VN|SE"), ("delivery", "DP|CN|UC", "ST"), ("billing", "IV", "BT"), ("invoice", "IV", "BT")];

    static readonly Entry[] Party =
    [
        new(["role", "type", "kind", "function", "qualifier"], "code(NAD.3035, party_role)", "code(N101, x12_party_role)"),
        new(["gln"], "gln(NAD.C082.3039?)", "gln(N1[03=UL].04?)"),
        new(["id", "no", "code", "reference"], "NAD.C082.3039", "N104"),
        new(["name", "company", "name1"], "join(' ', NAD.C080.3036*?) | join(' ', NAD.C058.3124*?)", "join(' ', N102?, N201?, N202?) | N102"),
        new(["street", "street1"], "join(', ', NAD.C059.3042*?)", "join(', ', N301?, N302?)"),
        new(["city"], "NAD.3164", "N401"),
        new(["postcode", "post code"], "NAD.3251", "N403"),
        new(["region", "state"], "NAD.C819.3229 | NAD.3229", "N402"),
        new(["country", "country code"], "NAD.3207", "N404"),
        new(["email"], "first(CTA/COM[EM]?)", "first(PER.COM[EM]?)"),
        new(["phone"], "first(CTA/COM[TE]?)", "first(PER.COM[TE]?)"),
        new(["contact", "contact name", "person"], "first(CTA.C056.3412?)", "first(PER02?)"),
    ];

    static readonly Entry[] Line =
    [
        new(["line no", "no", "line", "sequence", "seq", "item no"], "LIN.1082 | LIN.1082 ?? $n | $n", "int(PO101) ?? $n | int(IT101) ?? $n | int(LIN01) ?? $n | $n"),
        new(["action", "function"], "code(LIN.1229, line_action) | code(LIN.1229 ?? '1', line_action)", "code(POC02, line_action) | 'change'"),
        new(["gtin", "item gtin"], "gtin(LIN.C212[EN|SRV|UP]?)", "gtin(PO1.ID[UK|EN|UP]?) | gtin(IT1.ID[UK|EN|UP]?) | gtin(LIN.ID[UK|EN|UP]?)"),
        new(["supplier item", "supplier item no", "supplier item id", "supplier no", "supplier code"], "PIA[1|5].C212[SA] | PIA.C212[SA] | LIN.C212[SA] | PIA.C212[MF]", "PO1.ID[VN] | PO1.ID[VP] | PO1.ID[VC] | PO1.ID[MG] | IT1.ID[VN] | IT1.ID[VP] | IT1.ID[VC] | LIN.ID[VN] | LIN.ID[VP] | LIN.ID[VC]"),
        new(["buyer item", "buyer item no", "buyer item id", "our item", "buyer no", "own item"], "PIA.C212[IN] | PIA.C212[BP] | LIN.C212[IN] | LIN.C212[BP]", "PO1.ID[IN] | PO1.ID[BP] | PO1.ID[SK] | PO1.ID[CB] | IT1.ID[IN] | IT1.ID[BP] | IT1.ID[SK] | LIN.ID[IN] | LIN.ID[BP] | LIN.ID[SK]"),
        new(["item", "item no", "item id", "item code", "code"], "PIA[1|5].C212[SA] | LIN.C212[SA] | PIA.C212[SA] | PIA.C212[IN] | PIA.C212[BP] | LIN.C212.7140", "PO1.ID[VN] | PO1.ID[VP] | PO1.ID[IN] | PO1.ID[BP] | PO1.ID[SK] | PO1.ID[UP] | PO107 | IT1.ID[VN] | IT1.ID[VP] | IT1.ID[IN] | IT107 | LIN.ID[VN] | LIN.ID[VP] | LIN.ID[SK] | LIN03"),
        new(["description", "name", "item description", "item name"], "join('', IMD.C273.7008*?)", "join(' ', PID[F].05?) | join(' ', PID05?)"),
        new(["quantity", "order quantity", "ordered", "ordered quantity", "quantity ordered"], "QTY[21] | QTY[47] | QTY[12] | QTY[46] | QTY[113] | QTY[1] | QTY[61] | QTY[145] | QTY[59] | QTY[52]", "PO102 | IT102 | SN102 | POC03 | QTY[63] | QTY[33] | QTY[17] | LIN/QTY02"),
        new(["invoiced quantity", "quantity invoiced"], "QTY[47]", "IT102"),
        new(["delivery quantity", "quantity delivery"], "QTY[12] | QTY[46]", "SN102"),
        new(["uom", "quantity uom", "order uom", "uom code"], "code({qty}.C186.6411, uom) | code({qty}.C186.6411 ?? 'PCE', uom)", "code(PO103, uom) | code(IT103, uom) | code(SN103, uom) | code(POC05, uom) | code(first(CTP05.1), uom) | code(PO103 ?? 'EA', uom)"),
        new(["price", "net price", "uom price", "list price"], "PRI[AAA] | PRI[AAE] | PRI[NTP] | PRI[INV] | PRI[AAB] | PRI[CAL] | first(PRI.C509.5118)", "PO104 | IT104 | first(CTP03)"),
        new(["gross price"], "PRI[AAB]", "first(CTP[02=MSR].03) | first(CTP[02=LPR].03)"),
        new(["price basis", "price uom", "per", "basis", "price per"], "PRI[AAA].C509.5284 ?? 1 | PRI.C509.5284 ?? 1 | 1", "1"),
        new(["amount", "total", "value", "line amount", "net amount", "total amount", "line total"], "MOA[203] | MOA[66] | MOA[38] | MOA[128]", "AMT[1].02 | first(SAC05)"),
        new(["delivery date", "delivery", "due date", "required date"], "DTM[2] | DTM[64] | DTM[69] | DTM[63] | DTM[10] | DTM[2] ?? /DTM[2]", "DTM[002] | DTM[010] | DTM[001] | DTM[002] ?? /DTM[002]"),
        new(["valid from", "from", "from date"], "DTM[194] | DTM[7] | DTM[157]", "DTM[007] | DTM[092]"),
        new(["valid to", "to", "to date"], "DTM[206] | DTM[36]", "DTM[036] | DTM[197]"),
        new(["currency"], "CUX.C504[2] | /CUX.C504[2] | /CUX.C504[2] ?? $partner.currency", "first(/CUR02) | first(/CUR02) ?? $partner.currency"),
        new(["item group", "group", "category"], "/PGI.C288.5389 | PIA.C212[GN]", "LIN.ID[CG] | PO1.ID[CG]"),
        new(["note"], "join(' ', FTX.C108.4440*?)", "join(' ', N9/MSG01?) | join(' ', MSG01?)"),
        new(["tax percent", "vat percent", "tax", "vat"], "TAX[7].C243.5278 | first(TAX.C243.5278)", "first(TXI03)"),
        new(["order no", "order"], "RFF[ON] | /RFF[ON]", "PRF01 | REF[PO]"),
        new(["party id", "party"], "$partner.id", "$partner.id"),
    ];

    static readonly Entry[] Price =
    [
        new(["type", "kind", "price type", "qualifier"], "code(PRI.C509.5125, price_type)", "code(CTP02, x12_price_id) | code(CTP02 ?? 'UCP', x12_price_id)"),
        new(["min quantity", "from quantity", "quantity", "from"], "RNG.C280.6162 ?? 1", "CTP04 ?? 1"),
        new(["max quantity", "to quantity", "to"], "RNG.C280.6152", ""),
        new(["price", "value", "amount", "uom price"], "PRI.C509.5118", "CTP03"),
        new(["per", "basis", "price basis"], "PRI.C509.5284 ?? 1", "1"),
        new(["uom"], "code(PRI.C509.6411, uom) | code(RNG.C280.6411, uom) | code(PRI.C509.6411 ?? 'PCE', uom)", "code(CTP05.1, uom) | code(CTP05.1 ?? 'EA', uom)"),
        new(["currency"], "CUX.C504[2] | /CUX.C504[2] | /CUX.C504[2] ?? $partner.currency", "first(/CUR02) | first(/CUR02) ?? $partner.currency"),
        new(["valid from", "from date"], "DTM[194] | DTM[7] | /DTM[194]", "DTM[007] | /DTM[007]"),
        new(["valid to", "to date"], "DTM[206] | DTM[36] | /DTM[206]", "DTM[036] | /DTM[036]"),
        new(["no", "seq", "sequence", "line"], "$n", "$n"),
    ];

    static readonly Entry[] Allowance =
    [
        new(["no", "seq", "sequence", "line"], "$n", "$n"),
        new(["kind", "type", "indicator", "allowance"], "code(ALC.5463, allowance)", "code(SAC01, x12_allowance)"),
        new(["reason", "code", "service"], "ALC.C214.7161", "SAC02"),
        new(["description", "note"], "join(' ', ALC.C214.7160*?)", "SAC15"),
        new(["percent"], "PCD.C501.5482", "SAC07"),
        new(["amount", "value"], "first(MOA[8|23|204]?)", "SAC05"),
        new(["min quantity"], "QTY/RNG.C280.6162", ""),
    ];

    /// <summary>Words of tables that hold documents of a message.</summary>
    public static IReadOnlyList<string> DocumentWords(string type) =>
        Array.Find(Documents, document => document.Types.Split(' ').Contains(type)).Words?.Split(' ') ?? [];

    /// <summary>Rules that may give what a column's name asks for, the likeliest first.</summary>
    /// <param name="standard">The standard of the message.</param>
    /// <param name="kind">What the rows are.</param>
    /// <param name="words">The words of the column's name.</param>
    public static IReadOnlyList<string> Rules(Standard standard, RowKind kind, IReadOnlyList<string> words)
    {
        // The more of the name is understood the better. A word too many may say nothing, but not something else that is known.
        var known = Entries(kind).SelectMany(entry => entry.Names).SelectMany(name => name.Split(' ')).Concat(Roles.Select(role => role.Word)).ToHashSet(StringComparer.Ordinal);
        var found = Entries(kind)
            .Select(entry => (Entry: entry, Score: entry.Names.Max(name => Score(name.Split(' '), words, known))))
            .Where(found => found.Score > 0).OrderByDescending(found => found.Score)
            .SelectMany(found => (standard == Standard.X12 ? found.Entry.X12 : found.Entry.Edifact).Split(" | ", StringSplitOptions.RemoveEmptyEntries));
        var ofRole = kind == RowKind.Header ? OfRole(standard, words) : [];
        return [.. ofRole.Concat(found).Distinct(StringComparer.Ordinal)];
    }

    static Entry[] Entries(RowKind kind) => kind switch
    {
        RowKind.Header => Header,
        RowKind.Party => Party,
        RowKind.Line => Line,
        RowKind.Price => Price,
        _ => Allowance,
    };

    /// <summary>How well a name is meant by words: 0 when a word of it is missing, when they say more than it, or when less than half of them are understood.</summary>
    static int Score(string[] name, IReadOnlyList<string> words, HashSet<string> known)
    {
        if (!name.All(words.Contains))
            return 0;
        var beyond = words.Where(word => !name.Contains(word)).ToList();
        return beyond.Count > name.Length || beyond.Exists(known.Contains) ? 0 : 10 * name.Length - beyond.Count;
    }

    /// <summary>What a header says of a party: <c>buyer_gln</c>, <c>ship_to_city</c>.</summary>
    static IEnumerable<string> OfRole(Standard standard, IReadOnlyList<string> words)
    {
        foreach (var (word, edifact, x12) in Roles)
        {
            if (!words.Contains(word))
                continue;
            var rest = words.Where(w => w != word && w != "to").ToList();
            if (rest.Count == 0 && word is "delivery" or "invoice")
                continue;
            foreach (var entry in Party.Where(entry => entry.Names.Any(name => rest.Count == 0 ? name == "id" : name.Split(' ').SequenceEqual(rest))))
                foreach (var rule in (standard == Standard.X12 ? entry.X12 : entry.Edifact).Split(" | "))
                    if (!rule.Contains("code(", StringComparison.Ordinal))
                        yield return standard == Standard.X12 ? OfX12(rule, x12) : rule.Replace("NAD", $"NAD[{edifact}]", StringComparison.Ordinal).Replace("CTA", $"NAD[{edifact}]/CTA", StringComparison.Ordinal);
        }
    }

    static string OfX12(string rule, string role)
    {
        var text = rule.Replace("N1[03=UL]", $"N1[{role}, 03=UL]", StringComparison.Ordinal).Replace("PER", $"N1[{role}]/PER", StringComparison.Ordinal);
        foreach (var element in (string[])["N102", "N104"])
            text = text.Replace(element, $"N1[{role}].{element[2..]}", StringComparison.Ordinal);
        foreach (var tag in (string[])["N2", "N3", "N4"])
            for (var element = 1; element <= 4; element++)
                text = text.Replace($"{tag}0{element}", $"N1[{role}]/{tag}0{element}", StringComparison.Ordinal);
        return text;
    }
}
