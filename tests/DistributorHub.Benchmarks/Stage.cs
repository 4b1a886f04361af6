namespace DistributorHub.Benchmarks;

/// <summary>One thing that is measured: it goes once through the whole file and returns a line on what it saw.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Run">One pass. It gets the file's path and reads the file itself; what it returns is printed and must be the same in every pass.</param>
/// <param name="Reference">Figure of an earlier measurement to stand beside, or null.</param>
/// <param name="ShareOf">Name of the stage this one is to be compared with, or null.</param>
sealed record Stage(string Name, Func<string, string> Run, string? Reference = null, string? ShareOf = null)
{
    /// <summary>The file as the stages read it: the reader has the only buffer.</summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
}

/// <summary>The stages of the quick run, in the order of the pipeline.</summary>
static class Stages
{
    public static IReadOnlyList<Stage> All { get; } =
    [
        new("roof", Roof.Plain, "reference for this kernel 1,470-1,780"),
        new("roof x8", Roof.Unrolled, "the same, unrolled"),
        new("tokenise", Tokenise.Run, ShareOf: "roof"),
        new("write", Copy.Run, "parse and write again; goal 300"),
        new("structure", Structure.Run, "parse and structure; goal 200"),
        new("validate", Validation.Run, "parse, structure, every value and code; goal 150"),
        new("map", MapToSink.Run, "parse, validate and map into a sink that hashes every value; goal 45"),
    ];
}
