using System.Security.Claims;
using DistributorHub.Worker.Access;
using Microsoft.AspNetCore.Authorization;

namespace DistributorHub.Worker.Web;

/// <summary>
/// What a route asks of whoever calls it. Every route names one of these or says that it is for anybody; one that does neither is a viewer's, and a test
/// fails.
/// </summary>
static class Policies
{
    public const string Viewer = nameof(Role.Viewer);
    public const string Operator = nameof(Role.Operator);
    public const string Engineer = nameof(Role.Engineer);
    public const string Admin = nameof(Role.Admin);
    public const string Approver = AccessSettings.Approver;

    public static void Add(AuthorizationOptions options)
    {
        foreach (var role in Enum.GetValues<Role>())
            options.AddPolicy(role.ToString(), policy => policy.RequireAuthenticatedUser().AddRequirements(new RightRequirement($"the role {role}", person => person.Has(role))));
        options.AddPolicy(Approver, policy => policy.RequireAuthenticatedUser().AddRequirements(new RightRequirement("the right to approve", person => person.Approves())));
        options.DefaultPolicy = options.FallbackPolicy = options.GetPolicy(Viewer)!;
    }
}

/// <summary>A right that a route needs.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="IsHeld">True for someone who has it.</param>
sealed record RightRequirement(string Name, Func<ClaimsPrincipal, bool> IsHeld) : IAuthorizationRequirement;

sealed class RightHandler : AuthorizationHandler<RightRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RightRequirement requirement)
    {
        if (requirement.IsHeld(context.User))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}

/// <summary>Whoever a request is from, as pages and routes ask for it.</summary>
static class Person
{
    const string ApproverClaim = "hub:approver";

    /// <summary>The stamp of the account that the session began with.</summary>
    public const string StampClaim = "hub:stamp";

    /// <summary>Someone who has signed in.</summary>
    /// <param name="scheme">The way of signing in.</param>
    /// <param name="name">Name for the record.</param>
    /// <param name="rights">What the person may do; null = nothing.</param>
    /// <param name="stamp">Stamp of the hub's account, or null when it is another's.</param>
    public static ClaimsPrincipal Of(string scheme, string name, Rights? rights, string? stamp = null)
    {
        var identity = new ClaimsIdentity(scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new(ClaimTypes.Name, name));
        // Forms are bound to it.
        identity.AddClaim(new(ClaimTypes.NameIdentifier, $"{scheme}/{name}"));
        if (rights is not null)
            identity.AddClaim(new(ClaimTypes.Role, rights.Role.ToString()));
        if (rights is { Approver: true })
            identity.AddClaim(new(ApproverClaim, "true"));
        if (stamp is not null)
            identity.AddClaim(new(StampClaim, stamp));
        return new(identity);
    }

    /// <summary>The name for attempts, decisions and audit.</summary>
    public static string Actor(this ClaimsPrincipal person) =>
        person.Identity?.Name ?? throw new InvalidOperationException("Nobody has signed in; the route lacks a policy.");

    /// <summary>The role, or null when there is none.</summary>
    public static Role? Role(this ClaimsPrincipal person) =>
        Enum.TryParse<Role>(person.FindFirstValue(ClaimTypes.Role), out var role) ? role : null;

    /// <summary>True when the person's role is this one or includes it.</summary>
    public static bool Has(this ClaimsPrincipal person, Role role) => person.Role() >= role;

    /// <summary>True when the person may approve and reject what is held.</summary>
    public static bool Approves(this ClaimsPrincipal person) => person.HasClaim(ApproverClaim, "true");
}
