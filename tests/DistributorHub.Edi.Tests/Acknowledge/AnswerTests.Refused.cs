using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Tests.Validate;

namespace DistributorHub.Edi.Tests.Acknowledge;

/// <content>APERAK and 824: documents that the application refused.</content>
public sealed partial class AnswerTests
{
    static Finding[] Refusing(EdiReader reader) => reader.Message!.Reference.EndsWith('2')
        ?
        [
            new()
            {
                Code = "MAP2105",
                Severity = Severity.Error,
                At = new(0, 1, 0, 2, 4, 3),
                Tag = "QTY",
                Message = "order_lines.uom: the code 'KRT' is not in the list 'uom', and the words go on until they are longer than one line may be.",
            },
            new() { Code = "LOD5006", Severity = Severity.Error, At = new(0, 1, 0, 2), Message = "No item of this number." },
        ]
        : [];

    [Fact]
    public void A_refused_document_gets_an_APERAK_that_names_every_reason()
    {
        var options = Quiet with { Functional = Answering.Never, Business = true };
        var acknowledgement = Assert.Single(new Reading(Edifact("", GoodOrder, GoodOrder, GoodOrder), options, Refusing).Acknowledgements);

        Assert.Equal("APERAK", acknowledgement.Type);
        Assert.Equal(
            """
            UNA:+.? '
            UNB+UNOC:3+4000002000004:14+4000001000005:14+260304:1530+42'
            UNH+1+APERAK:D:96A:UN'
            BGM++42-1+11+RE'
            DTM+137:202603041530:203'
            RFF+ON:DOC-2'
            RFF+ACW:2'
            NAD+MS+4000002000004::9'
            NAD+MR+4000001000005::9'
            ERC+MAP2105::91'
            FTX+AAO+++order_lines.uom?: the code ?'KRT?' is not in the list ?'uom?', and the:words go on until they are longer than one line may be. (segment 4,:QTY)'
            ERC+LOD5006::91'
            FTX+AAO+++No item of this number.'
            UNT+12+1'
            UNZ+1+42'
            """.ReplaceLineEndings("\n"),
            AcknowledgementTests.Written(acknowledgement).Replace("?'\n", "?'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_refused_set_gets_an_824_that_names_every_reason()
    {
        var options = Quiet with { Functional = Answering.Never, Business = true };
        var acknowledgement = Assert.Single(new Reading(X12("0", "004010", GoodPurchase, GoodPurchase), options, Refusing).Acknowledgements);

        Assert.Equal(
            """
            ISA*00*          *00*          *01*SHOP           *ZZ*ACME           *260304*1530*U*00401*000000042*0*T*>~
            GS*AG*SHOPGS*ACMEGS*20260304*1530*42*X*004010~
            ST*824*0001~
            BGN*11*42-1*20260304*1530~
            OTI*TR*TN*DOC-2*ACMEGS*SHOPGS*20260101**12*0002*850~
            TED*024*MAP2105 order_lines.uom: the code 'KRT' is not in the list*QTY*4*3~
            NTE**'uom', and the words go on until they are longer than one line may be.~
            TED*024*LOD5006 No item of this number.~
            SE*7*0001~
            GE*1*42~
            IEA*1*000000042~
            """.ReplaceLineEndings("\n"),
            AcknowledgementTests.Written(acknowledgement));
    }

    [Fact]
    public void A_document_is_refused_once_and_only_where_the_partner_wants_to_know()
    {
        // The second message is rejected for its syntax: CONTRL says so, and there is no document to refuse.
        Assert.Equal(["CONTRL"], new Reading(Edifact("", GoodOrder, BadOrder), Quiet with { Business = true }, Refusing).Acknowledgements.Select(a => a.Type));
        Assert.Equal(["CONTRL", "APERAK"], new Reading(Edifact("", GoodOrder, GoodOrder), Quiet with { Business = true }, Refusing).Acknowledgements.Select(a => a.Type));
        Assert.Equal(["CONTRL"], new Reading(Edifact("", GoodOrder, GoodOrder), Quiet, Refusing).Acknowledgements.Select(a => a.Type));
    }

    [Theory]
    [InlineData("UNOA", "ORDER.LINES.UOM?: THE CODE")]
    [InlineData("UNOB", "order.lines.uom?: the code")]
    public void Words_keep_to_the_character_set_of_the_interchange(string level, string expected)
    {
        var file = Edifact("", GoodOrder, GoodOrder).Replace("UNOC", level, StringComparison.Ordinal);
        var acknowledgement = Assert.Single(new Reading(file, Quiet with { Functional = Answering.Never, Business = true }, Refusing).Acknowledgements);

        Assert.Contains(expected, AcknowledgementTests.Written(acknowledgement), StringComparison.Ordinal);
    }
}
