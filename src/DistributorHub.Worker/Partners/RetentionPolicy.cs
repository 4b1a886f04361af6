namespace DistributorHub.Worker.Partners;

/// <summary>The <c>retention</c> of a partner file: how long what they sent is kept.</summary>
/// <param name="PayloadDays">Days that the bytes of files and answers are kept.</param>
/// <param name="MetadataDays">Days that the record of an exchange is kept; not fewer.</param>
/// <param name="LegalHold">True while nothing of theirs may be deleted.</param>
sealed record RetentionPolicy(int PayloadDays = 180, int MetadataDays = 730, bool LegalHold = false)
{
    const int DaysMax = 36_500;

    public static RetentionPolicy Read(Section section)
    {
        var defaults = new RetentionPolicy();
        var payload = section.Number("payload_days", defaults.PayloadDays, 1, DaysMax);
        var policy = new RetentionPolicy(payload, section.Number("metadata_days", Math.Max(payload, defaults.MetadataDays), 1, DaysMax), section.Flag("legal_hold", defaults.LegalHold));
        section.Finish();
        if (policy.MetadataDays < policy.PayloadDays)
            section.Report(section.Map, "PTN1004", $"'metadata_days' is {policy.MetadataDays}, and 'payload_days' is {policy.PayloadDays}.", "the record of a file is kept as long as its bytes, or longer");
        return policy;
    }
}
