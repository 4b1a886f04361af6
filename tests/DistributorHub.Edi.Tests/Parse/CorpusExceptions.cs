namespace DistributorHub.Edi.Tests.Parse;

/// <summary>A file of the corpus that is read otherwise than its facts say.</summary>
/// <param name="File">Its name in the corpus.</param>
/// <param name="Offset">The byte the difference begins with.</param>
/// <param name="Bytes">What stands there.</param>
/// <param name="Clause">Where the standard says what holds.</param>
/// <param name="Reason">Why it is read as it is.</param>
sealed record DisputedFact(string File, int Offset, string Bytes, string Clause, string Reason);

/// <summary>All of them.</summary>
static class CorpusExceptions
{
    public static IReadOnlyList<DisputedFact> All { get; } =
    [
        new(
            "Apfelfrisch__Edifact/tests/data/custom-una.txt",
            9, "'\n", "ISO 9735, structure of an interchange: UNA goes before UNB",
            "A UNA with nothing after it is no interchange."),
        new(
            "EDIandXML__OBOE/testFiles/orders.newdelimiters",
            3, "\"UNOB=1\"", "ISO 9735, service string advice: other service characters than those of the level are announced by UNA",
            "Separators that no UNA announces are refused: what separates what would be a guess."),
        new(
            "Inteligenz__X12Parser/tests/OopFactory.X12.Tests.Unit/Parsing/_SampleEdiFiles/INS/_837P/_5010/UnicodeExample.txt",
            0, "I\0S\0A\0*\0", "X12.6, basic and extended character set",
            "UTF-16 is refused and named."),
        new(
            "ballerina-platform__module-ballerina-edi/ballerina/tests/resources/d3a-invoic-1/output.edi",
            0, "BGM+82+", "ISO 9735, structure of an interchange: UNB and UNH come first",
            "Segments without UNB and UNH are no interchange: neither sender nor type of the message is known."),
        new(
            "smooks__smooks-edi-cartridge/ect/src/test/resources/testfiles/d93a-invoic-1/input.edi",
            0, "BGM+82+", "ISO 9735, structure of an interchange: UNB and UNH come first",
            "Segments without UNB and UNH are no interchange: neither sender nor type of the message is known."),
        new(
            "smooks__smooks-edi-cartridge/ect/src/test/resources/testfiles/d93a-invoic-shortname/input.edi",
            0, "BGM+82+", "ISO 9735, structure of an interchange: UNB and UNH come first",
            "Segments without UNB and UNH are no interchange: neither sender nor type of the message is known."),
        new(
            "hellooops__vscode-edi-support/docs/850-comments.x12",
            415, "// 13\n// 14\n", "X12.6, segment: it ends with the segment terminator",
            "The comments after the last terminator are a torn segment and not counted."),
        new(
            "smooks__smooks-edi-cartridge/edi-sax/src/test/java/org/smooks/edi/edisax/v1_1/imports/test_imports_02/edi-input.txt",
            54, "DTM+137:2008?:05?:12:102\nFTX", "ISO 9735, segment: it ends with the segment terminator",
            "The torn last segment, from here to the end of the file, is not counted."),
        new(
            "smooks__smooks-edi-cartridge/edi-sax/src/test/java/org/smooks/edi/edisax/v1_1/imports/test_imports_03/edi-input.txt",
            54, "DTM+137:2008?:05?:12:102\nFTX", "ISO 9735, segment: it ends with the segment terminator",
            "The torn last segment, from here to the end of the file, is not counted."),
        new(
            "xlate__staedi/src/test/resources/x12/sample275_with_HL7_invalid_BIN01.edi",
            569, "BIN*1839*", "X12.22, BIN: BIN01 is the number of octets in BIN02",
            "A binary element of wrong length is read up to the terminator, which gives the number of segments that SE counts."),
    ];

    public static DisputedFact? Of(string file) => All.FirstOrDefault(fact => fact.File == file);
}
