using System.Text;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;

namespace DistributorHub.Edi.Tests.Validate;

public sealed class ElementCheckTests
{
    static readonly SegmentDictionary Edifact = DefinitionLibrary.Embedded.Find(Standard.Edifact, "ORDERS", "D.96A")!.Segments;
    static readonly SegmentDictionary Sets = DefinitionLibrary.Embedded.Find(Standard.X12, "850", "004010")!.Segments;

    [Theory]
    [InlineData("QTY+21:48:PCE", "")]
    [InlineData("QTY+21:-112", "")]
    [InlineData("QTY+21:123456789012345", "")]
    [InlineData("QTY+21:-12345678901234.5", "")]
    [InlineData("QTY+21:1234567890123456", "TooLong 1/2")]
    [InlineData("QTY+21:1,5", "NumberMark 1/2")]
    [InlineData("QTY+21:1,000.00", "NumberMark 1/2")]
    [InlineData("QTY+21:1.0.0", "NotANumber 1/2")]
    [InlineData("QTY+21:.5", "NumberForm 1/2")]
    [InlineData("QTY+21:5.", "NumberForm 1/2")]
    [InlineData("QTY+21:5-", "NumberForm 1/2")]
    [InlineData("QTY+21:-", "NotANumber 1/2")]
    [InlineData("QTY+21:5E3", "NotANumber 1/2")]
    [InlineData("QTY+21: 5", "NotANumber 1/2")]
    [InlineData("QTY+21", "ComponentMissing 1/2")]
    [InlineData("QTY+:5", "ComponentMissing 1/1")]
    [InlineData("QTY+", "ElementMissing 1/0")]
    [InlineData("QTY", "ElementMissing 1/0")]
    [InlineData("QTY+21:5:PCE:X", "ComponentsTooMany 1/4")]
    [InlineData("QTY+21:5:PCE:", "")]
    [InlineData("QTY+21:5+X", "ElementsTooMany 2/0")]
    [InlineData("QTY+21:5++", "")]
    [InlineData("QTY+1234:5", "TooLong 1/1")]
    [InlineData("NAD+BY+++++", "")]
    [InlineData("NAD+BY+4012345000009::9++Müller und Söhne GmbH in der Straße:", "")]
    [InlineData("NAD+BY+++ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖ", "")]
    [InlineData("NAD+BY+++ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ", "TooLong 4/1")]
    [InlineData("LIN+1++:EN", "")]
    [InlineData("LIN+1++4012345000009:EN:", "")]
    [InlineData("LIN+A", "NotANumber 1/0")]
    [InlineData("LIN+1:2", "CompositeUnexpected 1/0")]
    [InlineData("PIA+1+A:SA+B:IN", "")]
    [InlineData("PIA+1", "ElementMissing 2/0")]
    [InlineData("UNS+7", "LettersOnly 1/0")]
    [InlineData("DTM+137:20260228:102", "")]
    [InlineData("DTM+137:20240229:102", "")]
    [InlineData("DTM+137:20260231:102", "DateInvalid 1/2")]
    [InlineData("DTM+137:260231:101", "DateInvalid 1/2")]
    [InlineData("DTM+137:202602282359:203", "")]
    [InlineData("DTM+137:202602282460:203", "DateInvalid 1/2")]
    [InlineData("DTM+137:20260228235959:204", "")]
    [InlineData("DTM+273:2026010120261231:718", "")]
    [InlineData("DTM+273:20260101-20261231:718", "")]
    [InlineData("DTM+273:20260101-20261331:718", "DateInvalid 1/2")]
    [InlineData("DTM+137:2026-02-28:102", "DateInvalid 1/2")]
    [InlineData("DTM+2:14:804", "")]
    [InlineData("DTM+2", "MomentEmpty 1/2")]
    public void A_segment_of_edifact(string segment, string expected) =>
        Assert.Equal(expected, Check(segment, Edifact, new InterchangeInfo { Delimiters = Delimiters.LevelA, SyntaxVersion = "3" }));

    [Theory]
    [InlineData("QTY+21:1,5", ",", false, "")]
    [InlineData("QTY+21:1.5", ",", false, "NumberMark 1/2")]
    [InlineData("QTY+21:1.5", ",", true, "")]
    [InlineData("QTY+21:1,5", ".", true, "")]
    [InlineData("QTY+21:1,000.00", ".", true, "NotANumber 1/2")]
    public void The_mark_of_decimals_is_the_interchanges(string segment, string mark, bool either, string expected) =>
        Assert.Equal(expected, Check(segment, Edifact, new InterchangeInfo { Delimiters = Delimiters.LevelA with { Decimal = (byte)mark[0] }, EitherDecimalMark = either }));

    [Theory]
    [InlineData("PO1*1*5*EA*12.50*PE*VN*A1", "")]
    [InlineData("PO1*1*-12.50*EA", "")]
    [InlineData("PO1*1*1.2E3*EA", "")]
    [InlineData("PO1*1*1.2E-3*EA", "")]
    [InlineData("PO1*1*.58*EA", "")]
    [InlineData("PO1*1*5-*EA", "NumberForm 2/0")]
    [InlineData("PO1*1*E5*EA", "NotANumber 2/0")]
    [InlineData("PO1*1*1.2E*EA", "NotANumber 2/0")]
    [InlineData("PO1*1*+5*EA", "NotANumber 2/0")]
    [InlineData("PO1*1*1,000*EA", "NumberMark 2/0")]
    [InlineData("PO1*1*1234567890123456*EA", "TooLong 2/0")]
    [InlineData("PO1*1*5*E", "TooShort 3/0")]
    [InlineData("SAC*C*D240***1050", "")]
    [InlineData("SAC*C*D240***-5", "")]
    [InlineData("SAC*C*D240***10.50", "NotANumber 5/0")]
    [InlineData("DTM*002*20260231", "DateInvalid 2/0")]
    [InlineData("DTM*002*20260228*2359", "")]
    [InlineData("DTM*002*20260228*23595999", "")]
    [InlineData("DTM*002*20260228*2460", "TimeInvalid 3/0")]
    [InlineData("DTM*002*20260228*23595", "TimeInvalid 3/0")]
    [InlineData("BEG*00*SA*PO1", "ElementMissing 5/0")]
    [InlineData("BEG*00*SA**REL*20260101", "ElementMissing 3/0")]
    [InlineData("N1*ST*ACME***", "")]
    [InlineData("N3*MILL:WORK", "CompositeUnexpected 1/0")]
    [InlineData("MSG*5^6 BOLT", "RepetitionsTooMany 1/0")]
    [InlineData("REF*ZZ*1**ZZ:2", "")]
    [InlineData("REF*ZZ*1**:2", "ComponentMissing 4/1")]
    [InlineData("N4*CITY*CA*90210*US*A*B*C", "ElementsTooMany 7/0")]
    public void A_segment_of_x12(string segment, string expected) =>
        Assert.Equal(expected, Check(segment, Sets, new InterchangeInfo { Standard = Standard.X12, Delimiters = Wire.X12, SyntaxVersion = "00401" }));

    [Theory]
    [InlineData("QTY+21:5", "")]
    [InlineData("QTY+999:5", "CodeUnknown 1/1")]
    [InlineData("QTY+45E:5", "")]
    [InlineData("QTY+4E5:5", "CodeUnknown 1/1")]
    [InlineData("QTY+ 21:5", "CodeUnknown 1/1")]
    // A code that is too long is one fault.
    [InlineData("QTY+2121:5", "TooLong 1/1")]
    [InlineData("NAD+BY+1::9", "")]
    [InlineData("NAD+ZZ9+1::9", "CodeUnknown 1/0")]
    [InlineData("NAD+BY+1::XXX", "CodeUnknown 2/3")]
    // 1131 and 3055 say that the code is of another list; alone they are no reason.
    [InlineData("ALC+A++++MS", "CodeUnknown 5/1")]
    [InlineData("ALC+A++++MS::9", "")]
    [InlineData("ALC+A++++MS:PARTNERS", "TooLong 5/2")]
    [InlineData("NAD+BY+1:MY", "")]
    // An agency further on in the composite is that of another code.
    [InlineData("LIN+1++4000862141404:XXX", "CodeUnknown 3/2")]
    [InlineData("LIN+1++4000862141404:XXX::9", "")]
    // Elements without a list take anything.
    [InlineData("CUX+2:QQQ:9", "")]
    public void A_code_is_looked_up_in_its_list(string segment, string expected) =>
        Assert.Equal(expected, Check(segment, Edifact, new InterchangeInfo { Delimiters = Delimiters.LevelA, SyntaxVersion = "3" }));

    [Theory]
    [InlineData("PO1*1*5*EA*9.99*PE", "")]
    [InlineData("PO1*1*5*??", "CodeUnknown 3/0")]
    [InlineData("BEG*00*SA*PO1**20260101", "")]
    [InlineData("BEG*99*SA*PO1**20260101", "CodeUnknown 1/0")]
    // P: all or none
    [InlineData("CTP**RTL*9.99*10", "ConditionMissing 5/0")]
    [InlineData("CTP**RTL*9.99**EA", "ConditionMissing 4/0")]
    [InlineData("CTP**RTL*9.99*10*EA", "")]
    [InlineData("CTP**RTL*9.99", "")]
    [InlineData("PO1*1*5*EA***VN", "ConditionMissing 7/0")]
    [InlineData("PO1*1*5*EA****A1", "ConditionMissing 6/0")]
    // C: the first asks for the others
    [InlineData("PO1*1**EA", "ConditionMissing 2/0")]
    [InlineData("PO1*1*5*EA**PE", "ConditionMissing 4/0")]
    // R: at least one
    [InlineData("REF*ZZ", "ConditionMissing 2/0")]
    [InlineData("REF*ZZ**TEXT", "")]
    [InlineData("N1*ST", "ConditionMissing 2/0")]
    // E: at most one
    [InlineData("TD3*TL*********AM04", "ConditionExclusive 10/0")]
    [InlineData("TD3*TL", "")]
    // L: the first asks for one of the others
    [InlineData("ITD*01*3*2", "ConditionMissing 4/0")]
    [InlineData("ITD*01*3*2**10", "")]
    // A composite of separators only is not there.
    [InlineData("CTP**RTL*9.99*10*::", "ConditionMissing 5/0")]
    public void A_condition_between_elements_is_checked(string segment, string expected) =>
        Assert.Equal(expected, Check(segment, Sets, new InterchangeInfo { Standard = Standard.X12, Delimiters = Wire.X12, SyntaxVersion = "00401" }));

    [Fact]
    public void A_fault_names_the_bytes_of_its_value()
    {
        var check = new ElementCheck();
        check.Use(new InterchangeInfo { Delimiters = Delimiters.LevelA, SyntaxVersion = "3" });
        var wire = new Wire("QTY+21:x5:PCE", Delimiters.LevelA);
        check.Run(wire.Segment, new SegmentRules(Edifact.Find("QTY")!, Edifact.Codes));

        var fault = Assert.Single(check.Faults);
        Assert.Equal("x5", Encoding.UTF8.GetString(wire.Segment.Text.Slice(fault.Start, fault.Length)));
    }

    static string Check(string segment, SegmentDictionary segments, InterchangeInfo interchange)
    {
        var wire = new Wire(segment, interchange.Delimiters);
        var check = new ElementCheck();
        check.Use(interchange);
        check.Run(wire.Segment, new SegmentRules(segments.Find(Encoding.UTF8.GetString(wire.Segment.Tag))!, segments.Codes));
        return string.Join(',', check.Faults.Select(f => $"{f.Fault} {f.Element}/{f.Component}"));
    }
}
