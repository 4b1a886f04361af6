using DistributorHub.Worker.Web.Api;
using Microsoft.AspNetCore.Authorization;

namespace DistributorHub.Worker.Web;

/// <summary>What answers over HTTP, and in which order a request meets it.</summary>
static class WebSetup
{
    public static void Add(IServiceCollection services, Hub hub)
    {
        services.AddSingleton(hub.Clock);
        SignIn.Add(services, hub);
        services.AddAuthorization(Policies.Add);
        services.AddSingleton<IAuthorizationHandler, RightHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, Refusals>();
        services.AddRateLimiter(SignIn.AddLimit);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "distributorhub-form";
            // The dashboard would make one of its own path.
            options.Cookie.Path = "/";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        KeyProtection.Add(services, hub);
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        ApiRoutes.Add(services);
    }

    public static void Map(WebApplication app, Hub hub)
    {
        Origin.Use(app, hub.Settings.Access);
        Guard.UseHeaders(app);
        HubPages.UseTrouble(app);
        ApiRoutes.Use(app);
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        Guard.UseAntiforgery(app);
        HubPages.Map(app);
        Dashboard.Map(app, hub);
        ApiRoutes.Map(app);
        LoginPage.Map(app);
    }
}
