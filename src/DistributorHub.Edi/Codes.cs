namespace DistributorHub.Edi;

/// <summary>
/// Stable codes of findings. SYN1xxx: bytes and characters; ENV2xxx: interchange, group and message envelopes;
/// STR3xxx: order and number of segments; ELM4xxx: values of elements. Their meaning stands in this folder's README.
/// </summary>
public static partial class Codes
{
}
