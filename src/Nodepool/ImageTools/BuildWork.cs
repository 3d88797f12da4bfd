using System.Globalization;
using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>
/// The work directory of a build, <c>OutputPath.work</c>, beside its output so that finished files are moved and never copied. All that a build
/// makes is in it, and every process of the build carries its name in the environment: so that whoever removes it, be it the next process after a
/// crash, finds everything.
/// </summary>
internal sealed class BuildWork : IAsyncDisposable
{
    /// <summary>What follows the output path in its name.</summary>
    public const string Ending = ".work";

    private const string OwnerFile = "owner";

    private static readonly TimeSpan OwnerGrace = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;

    private BuildWork(string directory, TimeProvider time)
    {
        Root = directory;
        _time = time;
    }

    /// <summary>Absolute path.</summary>
    public string Root { get; }

    /// <summary>What every process of the build gets.</summary>
    public ValueMap<string> Environment => new([new(BuildRemains.MarkName, Root)]);

    /// <summary>Makes the directory, after removing those that builders which are no longer alive left beside it.</summary>
    public static async Task<BuildWork> CreateAsync(string outputPath, TimeProvider time, CancellationToken ct)
    {
        var parent = Path.GetDirectoryName(outputPath)!;
        Directory.CreateDirectory(parent);
        foreach (var other in Directory.EnumerateDirectories(parent, "*" + Ending))
        {
            if (!IsOwned(other, time))
                await RemoveAsync(other, time);
        }

        ct.ThrowIfCancellationRequested();
        var work = new BuildWork(outputPath + Ending, time);
        Directory.CreateDirectory(work.Root);
        var self = ProcessIdentity.Of(System.Environment.ProcessId)!;
        try
        {
            await File.WriteAllTextAsync(work.PathOf(OwnerFile), string.Create(CultureInfo.InvariantCulture, $"{self.Pid} {self.StartTime}\n"), CancellationToken.None);
        }
        catch (IOException)
        {
            await work.DisposeAsync();
            throw;
        }

        return work;
    }

    /// <summary>Absolute path of a file in it.</summary>
    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Removes the directory with everything that is still in it.</summary>
    public async ValueTask DisposeAsync() => await RemoveAsync(Root, _time);

    /// <summary>Removes a work directory with everything that is still in it, here and in <see cref="BuildScratch"/>.</summary>
    public static async Task RemoveAsync(string directory, TimeProvider time)
    {
        await BuildRemains.RemoveAsync(directory, time);
        if (BuildScratch.Outside(directory) is var outside && Directory.Exists(outside))
            await BuildRemains.RemoveAsync(outside, time);
    }

    private static bool IsOwned(string directory, TimeProvider time)
    {
        // Another builder of this host may just be making it: its name is there a moment before its owner.
        if (!File.Exists(Path.Combine(directory, OwnerFile)) && time.GetUtcNow() - Directory.GetLastWriteTimeUtc(directory) < OwnerGrace)
            return true;
        try
        {
            var words = File.ReadAllText(Path.Combine(directory, OwnerFile)).Split(' ');
            return words.Length == 2
                && int.TryParse(words[0], CultureInfo.InvariantCulture, out var pid)
                && ulong.TryParse(words[1], CultureInfo.InvariantCulture, out var start)
                && new ProcessIdentity(pid, start).IsAlive;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
