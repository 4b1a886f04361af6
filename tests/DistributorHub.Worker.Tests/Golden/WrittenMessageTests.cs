using DistributorHub.Edi;
using DistributorHub.Edi.Definitions;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Validate;
using DistributorHub.Tests;
using DistributorHub.Worker.Golden;

namespace DistributorHub.Worker.Tests.Golden;

/// <summary>The messages that the shared maps write, as they stand in the golden tests.</summary>
public sealed class WrittenMessageTests
{
    public static TheoryData<string> Messages => [.. GoldenTests.Find(Repository.PathTo("mappings")).Select(test => test.Message).OfType<string>()];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_written_message_is_read_without_any_finding(string message)
    {
        var findings = new Findings();
        using var reader = new EdiReader(File.OpenRead(Repository.PathTo(["mappings", .. message.Split('/')])), findings);
        MessageValidator? validator = null;
        var messages = 0;
        while (reader.Read())
        {
            switch (reader.Event)
            {
                case EdiEvent.MessageStart:
                    validator = new(DefinitionLibrary.Embedded.Find(reader.Interchange!.Standard, reader.Message!)!, findings);
                    validator.Start(reader);
                    messages++;
                    break;
                case EdiEvent.Segment:
                    validator!.Accept(reader);
                    break;
                case EdiEvent.MessageEnd:
                    validator!.End(reader);
                    break;
            }
        }
        Assert.Equal(1, messages);
        Assert.Empty(findings.Kept);
    }

    [Fact]
    public void Every_message_of_the_supply_chain_is_written_in_both_standards() => Assert.Equal(
        ["desadv-edifact", "desadv-x12", "invoic-edifact", "invoic-x12", "invrpt-edifact", "invrpt-x12", "ordchg-edifact", "ordchg-x12", "ordrsp-edifact", "ordrsp-x12", "pricat-edifact-out", "pricat-x12-out", "slsrpt-edifact", "slsrpt-x12"],
        Messages.Select(row => row.Data.Split('/')[1].Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
}
