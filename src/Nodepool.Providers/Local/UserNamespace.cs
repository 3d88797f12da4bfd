using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local;

/// <summary>How an ordinary user handles files with many owners: as root of a user namespace with the user's subordinate ids.</summary>
internal static class UserNamespace
{
    private static readonly ValueList<string> Options = ["--user", "--map-root-user", "--map-auto"];

    /// <summary>True for root, and for users who may map their subordinate ids: then owners of files can be kept.</summary>
    public static async ValueTask<bool> KeepsOwnersAsync(TimeProvider time, CancellationToken ct)
    {
        if (Environment.IsPrivilegedProcess)
            return true;
        // Missing newuidmap, no line in /etc/subuid, namespaces forbidden: unshare says no to all of them alike.
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = "unshare", Arguments = [.. Options, "true"] }, time, ct);
        return outcome.ExitCode == 0;
    }

    /// <summary>The command as it must be run to see the owners of files as they are meant.</summary>
    public static async ValueTask<(string Program, ValueList<string> Arguments)> WrapAsync(
        string program, ValueList<string> arguments, TimeProvider time, CancellationToken ct) =>
        Environment.IsPrivilegedProcess || !await KeepsOwnersAsync(time, ct)
            ? (program, arguments)
            : ("unshare", [.. Options, "--", program, .. arguments]);
}
