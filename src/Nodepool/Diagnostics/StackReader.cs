using System.Text;
using Microsoft.Diagnostics.Runtime;

namespace Nodepool.Diagnostics;

/// <summary>
/// The process that reads the stacks of another one: started for one look by <see cref="StackDump"/>. The other process stands still while it
/// is looked at, so everything here is bounded, and nothing is written before it runs again.
/// </summary>
internal static class StackReader
{
    /// <summary>First word of its command line; the second is the id of the process to look at.</summary>
    public const string Verb = ".stacks";

    private const int MostThreads = 256;
    private const int MostFrames = 64;

    /// <summary>So long the other process may stand still, whatever happens.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Waits for a line on standard input, which says that it may look; looks; writes what it saw.</summary>
    /// <returns>The exit status.</returns>
    public static int Run(int pid, TextReader input, TextWriter output, TextWriter error)
    {
        if (input.ReadLine() is null)
        {
            return 1;
        }

        var text = new StringBuilder();
        try
        {
            // The kernel lets the other process go on when this one is gone.
            using var guard = TimeProvider.System.CreateTimer(_ => System.Diagnostics.Process.GetCurrentProcess().Kill(), null, Limit, Timeout.InfiniteTimeSpan);
            using var target = DataTarget.AttachToProcess(pid, suspend: true);
            using var runtime = target.ClrVersions[0].CreateRuntime();
            AppendThreads(text, runtime, pid);
            PendingWork.Append(text, runtime.Heap);
        }
#pragma warning disable CA1031 // Whatever keeps us from looking is told in one line.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error.WriteLine(e.Message.ReplaceLineEndings(" "));
            return 1;
        }

        output.Write(text);
        output.Flush();
        return 0;
    }

    private static void AppendThreads(StringBuilder text, ClrRuntime runtime, int pid)
    {
        foreach (var thread in runtime.Threads.Where(thread => thread.IsAlive).Take(MostThreads))
        {
            text.Append($"thread {thread.OSThreadId} ({Name(pid, thread.OSThreadId)}), managed {thread.ManagedThreadId}\n");
            var frames = thread.EnumerateStackTrace().Where(frame => frame.Method is not null).Take(MostFrames + 1).Select(frame => frame.Method!.Signature).ToList();
            if (frames.Count == 0)
            {
                text.Append("    no managed code\n");
            }

            frames.Take(MostFrames).ToList().ForEach(frame => text.Append($"    at {frame}\n"));
            if (frames.Count > MostFrames)
            {
                text.Append("    …\n");
            }
        }
    }

    private static string Name(int pid, uint thread)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/task/{thread}/comm").TrimEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }
}
