using System.Diagnostics;

namespace Nodepool.Integration.State;

/// <summary>A file system of a few megabytes, mounted for one test. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-disk-").FullName;

    private SmallDisk()
    {
    }

    public string Store => Path.Combine(_directory, "state", "state.db");

    private string Ballast => Path.Combine(_directory, "ballast");

    /// <summary>Mounts it; skips the test where that is not allowed.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        var disk = new SmallDisk();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", disk._directory) != 0)
        {
            Directory.Delete(disk._directory);
            Assert.Skip("Mounting a small file system needs root.");
        }

        return disk;
    }

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 65536; size >= 1; size /= 2)
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // This much does not fit any more; perhaps less does.
            }
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", _directory));

    public void Dispose()
    {
        Run("umount", "--lazy", _directory);
        Directory.Delete(_directory);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
