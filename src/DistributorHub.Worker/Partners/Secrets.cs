namespace DistributorHub.Worker.Partners;

/// <summary>A secret that is referred to but cannot be read. The message names the place, never the content.</summary>
sealed class SecretException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Secrets stand outside the settings and are referred to: <c>env:NAME</c> is an environment variable, <c>file:PATH</c> a file.
/// A relative path is looked up in systemd's credentials folder when there is one, so that unit files need no absolute paths.
/// </summary>
static class Secrets
{
    public const string Form = "env:NAME or file:PATH";

    /// <summary>The form as editors check it (ECMAScript).</summary>
    public const string Pattern = "(env|file):.*[^ ].*";
    const string EnvironmentPrefix = "env:";
    const string FilePrefix = "file:";
    const int BytesMax = 64 * 1024;

    public static bool IsReference(string text) =>
        HasRest(text, EnvironmentPrefix) || HasRest(text, FilePrefix);

    /// <summary>The secret, without the line end that editors put behind it.</summary>
    public static string Resolve(string reference)
    {
        if (HasRest(reference, EnvironmentPrefix))
            return FromEnvironment(reference[EnvironmentPrefix.Length..]);
        if (HasRest(reference, FilePrefix))
            return FromFile(reference[FilePrefix.Length..]);
        // The text may be the secret itself: it is not repeated.
        throw new SecretException($"A secret is not a reference. Write {Form}.");
    }

    static bool HasRest(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text[prefix.Length..]);

    static string FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new SecretException($"Environment variable '{name}' is not set. Set it for the account the service runs as.");

    static string FromFile(string path)
    {
        var credentials = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        var full = Path.GetFullPath(path, credentials is { Length: > 0 } ? credentials : Environment.CurrentDirectory);
        try
        {
            if (new FileInfo(full) is { Exists: true, Length: > BytesMax })
                throw new SecretException($"Secret file '{full}' is larger than {BytesMax} bytes: this is not a secret.");
            var text = File.ReadAllText(full).TrimEnd('\r', '\n');
            return text.Length > 0 ? text : throw new SecretException($"Secret file '{full}' is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretException(
                $"Secret file '{full}' cannot be read: {e.Message} The account the service runs as needs to read it.", e);
        }
    }
}
