using Nodepool.Core.Collections;
using Nodepool.Core.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>
/// Root's file work without root: an ordinary user with subordinate ids (subuid(5)) runs a program in a user namespace, where it may own files
/// as anybody.
/// </summary>
internal static class UserNamespace
{
    /// <summary>The command as it is for root, else inside a user namespace.</summary>
    public static (string Program, ValueList<string> Arguments) Wrap(string program, params ReadOnlySpan<string> arguments) =>
        Environment.IsPrivilegedProcess
            ? (program, [.. arguments])
            : ("unshare", ["--user", "--map-root-user", "--map-auto", "--", program, .. arguments]);

    /// <summary>Does nothing for root.</summary>
    /// <exception cref="ImageBuildException">This user may not make such a namespace; the message has the remedy.</exception>
    public static async Task RequireAsync(TimeProvider time, CancellationToken ct)
    {
        if (Environment.IsPrivilegedProcess)
            return;
        var (program, arguments) = Wrap("true");
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = program, Arguments = arguments }, time, ct);
        if (outcome.ExitCode != 0)
            throw new ImageBuildException(
                $"without root an image needs subordinate user ids, and this user has none ({outcome.LastLine}); as root: "
                + $"usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {Environment.UserName}");
    }
}
