namespace DistributorHub.Worker.Access;

/// <summary>What someone may do: each role includes those before it. Approving is a right of its own, beside the role.</summary>
enum Role
{
    /// <summary>Sees states, counts and findings, and no payload.</summary>
    Viewer,

    /// <summary>Sees payload; retries, replays with live maps, ignores.</summary>
    Operator,

    /// <summary>Changes mappings and settings, tries drafts.</summary>
    Engineer,

    /// <summary>Decides who may do what.</summary>
    Admin,
}

/// <summary>What an account or a token may do.</summary>
/// <param name="Role">Its role.</param>
/// <param name="Approver">True when it may also approve and reject what is held.</param>
sealed record Rights(Role Role, bool Approver)
{
    public override string ToString() => Approver ? $"{Role}, approver" : Role.ToString();
}
