namespace DistributorHub.Edi;

public static partial class Codes
{
    /// <summary>A segment or group that the partner's guide does not use.</summary>
    public const string GuideUnused = "GDE5001";

    /// <summary>A segment or group the guide asks for is missing, or there are too few of it.</summary>
    public const string GuideMissing = "GDE5002";

    /// <summary>A segment or group more often than the guide takes.</summary>
    public const string GuideTooOften = "GDE5003";

    /// <summary>An element is empty that the guide asks for.</summary>
    public const string GuideElementMissing = "GDE5004";

    /// <summary>An element is filled that the guide does not use.</summary>
    public const string GuideElementUnused = "GDE5005";

    /// <summary>A code that the guide does not take.</summary>
    public const string GuideCode = "GDE5006";

    /// <summary>A value longer than the guide takes.</summary>
    public const string GuideTooLong = "GDE5007";

    /// <summary>A value shorter than the guide takes.</summary>
    public const string GuideTooShort = "GDE5008";

    /// <summary>A segment beyond the standard that the guide agrees to.</summary>
    public const string GuideExtension = "GDE5009";
}
