namespace DistributorHub.Edi.Tests.Parse;

/// <summary>Files of the corpus that are read otherwise than their facts say, and why.</summary>
static class CorpusExceptions
{
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Apfelfrisch__Edifact/tests/data/custom-una.txt"] =
            "A UNA with nothing after it is no interchange.",
        ["EDIandXML__OBOE/testFiles/orders.newdelimiters"] =
            "Separators that no UNA announces are refused.",
        ["Inteligenz__X12Parser/tests/OopFactory.X12.Tests.Unit/Parsing/_SampleEdiFiles/INS/_837P/_5010/UnicodeExample.txt"] =
            "UTF-16 is refused.",
        ["ballerina-platform__module-ballerina-edi/ballerina/tests/resources/d3a-invoic-1/output.edi"] =
            "Segments without UNB and UNH are no interchange.",
        ["smooks__smooks-edi-cartridge/ect/src/test/resources/testfiles/d93a-invoic-1/input.edi"] =
            "Segments without UNB and UNH are no interchange.",
        ["smooks__smooks-edi-cartridge/ect/src/test/resources/testfiles/d93a-invoic-shortname/input.edi"] =
            "Segments without UNB and UNH are no interchange.",
        ["hellooops__vscode-edi-support/docs/850-comments.x12"] =
            "The comments after the last terminator are a torn segment and not counted.",
        ["smooks__smooks-edi-cartridge/edi-sax/src/test/java/org/smooks/edi/edisax/v1_1/imports/test_imports_02/edi-input.txt"] =
            "The torn last segment is not counted.",
        ["smooks__smooks-edi-cartridge/edi-sax/src/test/java/org/smooks/edi/edisax/v1_1/imports/test_imports_03/edi-input.txt"] =
            "The torn last segment is not counted.",
        ["xlate__staedi/src/test/resources/x12/sample275_with_HL7_invalid_BIN01.edi"] =
            "A binary element of wrong length is read up to the terminator, which gives the number of segments that SE counts.",
    };
}
