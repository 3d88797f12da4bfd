using System.Runtime.InteropServices;

namespace Nodepool.Providers.Processes;

/// <summary>kill(2).</summary>
internal static partial class NativeSignals
{
    /// <summary>Sends a signal to one process; false when there is none or it is not ours.</summary>
    public static bool Send(int pid, ProcessSignal signal) => pid > 1 && Kill(pid, (int)signal) == 0;

    /// <summary>Sends a signal to a process group; false as in <see cref="Send"/>.</summary>
    public static bool SendToGroup(int leader, ProcessSignal signal) => leader > 1 && Kill(-leader, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
