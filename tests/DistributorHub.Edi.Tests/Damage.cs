using System.Text;
using CsCheck;

namespace DistributorHub.Edi.Tests;

/// <summary>Sound files after an accident: bytes changed, lost, come from elsewhere. Half of the faults are in the headers.</summary>
static class Damage
{
    /// <summary>Bytes that mean something, and some that should not be there.</summary>
    const string Signs = "'+:?*~^>|-.,\r\n\0 \x1A\x1C\x1DAZaz09EUNBISG\u00C3\u00E9";

    const int HeaderBytes = 180;

    static readonly Gen<Func<byte[], byte[]>> fault = Gen.Select(
        Gen.Int[0, 5], Gen.Bool, Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue],
        Gen.Frequency((3, Gen.OneOf(Encoding.Latin1.GetBytes(Signs))), (1, Gen.Byte)))
        .Select((kind, inHeader, one, two, other) => (Func<byte[], byte[]>)(file =>
        {
            var at = one % Math.Max(1, inHeader ? Math.Min(HeaderBytes, file.Length) : file.Length);
            return kind switch
            {
                _ when file.Length == 0 => file,
                0 => [.. file[..at], .. file[(at + 1)..]],
                1 => [.. file[..at], other, .. file[at..]],
                2 => [.. file[..at], .. file[Math.Min(file.Length, at + two % 40)..], (byte)'\''],
                3 => [.. file[..at], .. file[(two % file.Length)..]],
                _ => [.. file[..at], other, .. file[(at + 1)..]],
            };
        }));

    /// <summary>A file with no fault, or up to so many.</summary>
    public static Gen<byte[]> To(byte[] file, int most) => fault.Array[0, most].Select(faults => faults.Aggregate(file, (bytes, one) => one(bytes)));

    /// <summary>The same for one file of several, given as text of one byte a character.</summary>
    public static Gen<byte[]> ToOneOf(string[] files, int most) => Gen.OneOf(files).SelectMany(file => To(Encoding.Latin1.GetBytes(file), most));
}
