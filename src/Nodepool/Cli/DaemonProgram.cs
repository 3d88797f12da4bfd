using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nodepool.Cli;

/// <summary>
/// The program that hosts roles, beside a <c>nodepool</c> that was compiled ahead of time and answers commands only
/// (<c>docs/decisions/0007-two-publications.md</c>).
/// </summary>
internal static partial class DaemonProgram
{
    /// <summary>From the directory of the program for commands.</summary>
    private const string RelativePath = "../daemon/nodepool";

    /// <summary>This program hosts roles itself. The compiler ahead of time knows the answer and leaves the roles out.</summary>
    public static bool IsThis => RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>
    /// Replaces this process by the program that hosts roles, with the same arguments. It keeps the process id, so that supervisors, pid
    /// files and whoever waits for the process are not misled. Does not return.
    /// </summary>
    /// <exception cref="CliException">There is no such program.</exception>
    public static void Become()
    {
        var here = Path.GetDirectoryName(Environment.ProcessPath) ?? "/";
        var path = Path.GetFullPath(Path.Combine(here, RelativePath));
        _ = Execute(path, [.. CallName.Words(), null]);
        var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
        throw new CliException($"roles are hosted by {path}, which cannot be started: {reason}; install the whole directory that ./dev publish made");
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] words);
}
