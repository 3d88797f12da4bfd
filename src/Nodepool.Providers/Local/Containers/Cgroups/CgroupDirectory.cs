using System.Globalization;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers.Cgroups;

/// <summary>Works on the directory of one control group.</summary>
internal static class CgroupDirectory
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Makes the group if need be and writes values into its files.</summary>
    /// <exception cref="IOException">The host refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The host refuses.</exception>
    public static void Make(string directory, IEnumerable<CgroupValue> values)
    {
        Directory.CreateDirectory(directory);
        foreach (var value in values)
        {
            var file = Path.Combine(directory, value.File);
            if (File.Exists(file) || !value.IsOptional)
                WriteExisting(file, value.Text);
        }
    }

    /// <summary>Kills what is still in the group and removes it. A group that does not exist is removed.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static async ValueTask RemoveAsync(string directory, TimeProvider time, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (Directory.Exists(directory))
        {
            try
            {
                foreach (var process in Members(directory))
                {
                    process.Kill(ProcessSignal.Kill);
                }

                // Non-recursive: the files of a group cannot and need not be deleted.
                Directory.Delete(directory);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException) when (time.GetElapsedTime(began) < Patience)
            {
                // Busy while the last process is being buried.
                await Task.Delay(PollPeriod, time, ct);
            }
        }
    }

    /// <summary>Running processes in the group.</summary>
    public static IReadOnlyList<ProcessIdentity> Members(string directory) =>
        File.ReadAllLines(Path.Combine(directory, "cgroup.procs"))
            .Select(line => ProcessIdentity.Of(int.Parse(line, CultureInfo.InvariantCulture)))
            .OfType<ProcessIdentity>().ToList();

    private static void WriteExisting(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }
}
