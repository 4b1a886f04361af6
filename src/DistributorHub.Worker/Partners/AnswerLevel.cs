namespace DistributorHub.Worker.Partners;

/// <summary>Which answer to an interchange of ours is waited for.</summary>
enum AnswerLevel
{
    No,

    /// <summary>That it arrived: TA1, or CONTRL with action 8.</summary>
    Technical,

    /// <summary>That its syntax is right: CONTRL, 997, 999.</summary>
    Functional,
}
