using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

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
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddRazorComponents();
        services.AddDataProtection().PersistKeysToFileSystem(new(Path.Combine(hub.Settings.Data, "keys")));
    }

    public static void Map(WebApplication app, Hub hub)
    {
        Guard.UseHeaders(app);
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        Guard.UseAntiforgery(app);
        Dashboard.Map(app, hub);
        LoginPage.Map(app);
    }
}
