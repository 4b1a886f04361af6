using DistributorHub.Edi;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Tests.Load;

/// <summary>A seller's own rules, which refuse rows in their own words.</summary>
public abstract partial class SellerContract
{
    /// <summary>A trigger on the orders that refuses the number 'locked' with the words 'This order is with the warehouse'.</summary>
    protected abstract string RefusingTrigger { get; }

    [Fact]
    public async Task What_a_trigger_refuses_is_the_messages_fault_and_told_in_the_triggers_words()
    {
        await Execute(RefusingTrigger);
        await IsRefused("This order is with the warehouse");
    }

    private protected async Task IsRefused(string words)
    {
        var findings = new Findings();
        Assert.IsType<LoadOutcome.Refused>(await Load("d1", Order("locked", "2026-01-10", 10m, ("A-1", 1m, 10m)), findings));
        var finding = Assert.Single(findings.Kept);
        Assert.Equal((LoadCodes.Constraint, words), (finding.Code, finding.Found));
        Assert.Empty(await Rows("orders", "po_id"));
        Assert.Empty(await Query("select document_id from hub_inbox"));
        Assert.IsType<LoadOutcome.Loaded>(await Load("d2", Order("4711", "2026-01-10", 10m, ("A-1", 1m, 10m))));
    }
}
