namespace DistributorHub.Worker.Web.Api;

/// <summary>Limits of the HTTP interface.</summary>
static class ApiLimits
{
    /// <summary>Items of a page, when it is not said how many.</summary>
    public const int PageUsual = 50;

    /// <summary>Most items of a page.</summary>
    public const int PageMost = 500;

    /// <summary>Most characters of a reason, a file's name, an Idempotency-Key.</summary>
    public const int TextMost = 500;

    /// <summary>Most bytes of a request that carries no file.</summary>
    public const int RequestBytesMost = 64 * 1024;

    /// <summary>Most bytes of a file that is handed in; a larger one goes by the partner's folder.</summary>
    public const int UploadBytesMost = 32 * 1024 * 1024;

    /// <summary>How long the answer to a post with an Idempotency-Key is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A post that is not answered after this time has died with its worker, and may be sent again.</summary>
    public static readonly TimeSpan Lost = TimeSpan.FromMinutes(5);
}
