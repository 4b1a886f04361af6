namespace DistributorHub.Worker.Tests.Fixtures;

/// <summary>A file system of a few megabytes that can be filled to its last byte. Mounting it needs root; others skip the test.</summary>
sealed class SmallDisk : IAsyncDisposable
{
    SmallDisk(string path) => Path = path;

    public string Path { get; }

    string Filler => System.IO.Path.Combine(Path, "filler");

    public static async Task<SmallDisk> Mount(int megabytes, CancellationToken cancellation)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "A small disk can be mounted as root only.");
        var path = Directory.CreateTempSubdirectory("distributorhub-disk-").FullName;
        var (code, _, errors) = await Machine.Run("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=777", "tmpfs", path], cancellation);
        if (code != 0)
            Directory.Delete(path);
        Assert.SkipUnless(code == 0, $"This machine mounts nothing: {errors}");
        return new(path);
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var stream = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                stream.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        // A server may still have files open; it is stopped soon.
        await Machine.Run("umount", ["-l", Path], CancellationToken.None);
        Directory.Delete(Path);
    }
}
