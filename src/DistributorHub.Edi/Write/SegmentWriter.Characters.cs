using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace DistributorHub.Edi.Write;

/// <content>Characters to bytes: release characters, and what the character set does not have.</content>
sealed partial class SegmentWriter
{
    void Text(ReadOnlySpan<byte> utf8)
    {
        // At most two bytes for one: a release character, or none.
        Reserve(2 * utf8.Length);
        while (true)
        {
            var run = utf8.IndexOfAnyExcept(plain);
            if (run < 0)
            {
                utf8.CopyTo(buffer.AsSpan(at));
                at += utf8.Length;
                return;
            }
            utf8[..run].CopyTo(buffer.AsSpan(at));
            at += run;
            utf8 = utf8[(run + Special(utf8[run..]))..];
        }
    }

    /// <summary>Writes the character at the start of a text, which needs care; returns its length.</summary>
    int Special(ReadOnlySpan<byte> utf8)
    {
        if (Rune.DecodeFromUtf8(utf8, out var rune, out var length) != OperationStatus.Done)
        {
            faults.NotText($"0x{utf8[0]:X2}");
            return length;
        }
        if (!Character(rune))
            Lacking(rune, utf8.Length);
        return length;
    }

    /// <summary>Writes a character as a value's; false when the set does not have it.</summary>
    [SkipLocalsInit]
    bool Character(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        var length = repertoire.Encode(rune, bytes);
        if (length == 0)
            return false;
        bytes = bytes[..length];
        if (!Clashes(bytes))
        {
            bytes.CopyTo(buffer.AsSpan(at));
            at += bytes.Length;
        }
        else if (release != 0 && bytes.Length == 1)
        {
            buffer[at++] = release;
            buffer[at++] = bytes[0];
        }
        else if (options.DelimitersInValues == DelimiterPolicy.Substitute)
        {
            faults.DelimiterReplaced(rune, options.Substitute);
            buffer[at++] = (byte)options.Substitute;
        }
        else
        {
            faults.Delimiter(rune);
        }
        return true;
    }

    bool Clashes(ReadOnlySpan<byte> character)
    {
        foreach (var one in character)
            if (one == delimiters.Element || (one == delimiters.Release && one != 0) || (repeats && one == delimiters.Repetition)
                || (one == delimiters.Component && componentLead.IsEmpty) || (one == delimiters.Terminator && terminatorLead.IsEmpty))
                return true;
        return Completes(character, componentLead.Span, delimiters.Component) || Completes(character, terminatorLead.Span, delimiters.Terminator);
    }

    /// <summary>True when a character, with what was written before it, makes a delimiter of several bytes: in a single-byte set it takes several.</summary>
    bool Completes(ReadOnlySpan<byte> character, ReadOnlySpan<byte> lead, byte last)
    {
        var before = lead.Length + 1 - character.Length;
        return lead.Length > 0 && character[^1] == last && before >= 0 && at - start >= before
            && lead.EndsWith(character[..^1]) && buffer.AsSpan(at - before, before).SequenceEqual(lead[..before]);
    }

    /// <param name="rest">Bytes of the text that are still to come, which keep their room.</param>
    void Lacking(Rune rune, int rest)
    {
        if (options.Characters == CharacterPolicy.Reject)
        {
            faults.NotInSet(rune, repertoire.Name);
            return;
        }
        if (options.Characters == CharacterPolicy.Transliterate && Transliteration.Of(rune) is { Length: > 0 } other)
        {
            Reserve(2 * (rest + other.Length));
            var before = at;
            if (Transliterated(other))
            {
                faults.Transliterated(rune, other, repertoire.Name);
                return;
            }
            at = before;
        }
        faults.Replaced(rune, options.Substitute, repertoire.Name);
        buffer[at++] = (byte)options.Substitute;
    }

    bool Transliterated(string other)
    {
        foreach (var rune in other.EnumerateRunes())
            // Level A has capitals only.
            if (!Character(rune) && !(rune.IsAscii && Character(new(char.ToUpperInvariant((char)rune.Value)))))
                return false;
        return true;
    }
}
