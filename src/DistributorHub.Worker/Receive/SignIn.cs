using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Receive;

/// <summary>The secrets of one sign-in, read afresh for each, so that a changed one needs no restart.</summary>
sealed record SignIn(string? Password, string? PrivateKey, string? Passphrase)
{
    public static SignIn Read(SourceDefinition source)
    {
        try
        {
            return new(Resolve(source.Password), Resolve(source.PrivateKey), Resolve(source.Passphrase));
        }
        catch (SecretException e)
        {
            throw new SourceException(SourceFault.SignInRefused, e.Message, e);
        }
    }

    static string? Resolve(string? reference) => reference is null ? null : Secrets.Resolve(reference);
}
