using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local;

/// <summary>Removes directories whose files may belong to the mapped users of this user's namespace.</summary>
internal static class FileTrees
{
    /// <summary>Removes files and directories with everything below, but nothing that is mounted there. What does not exist is removed.</summary>
    public static async ValueTask RemoveAsync(IReadOnlyList<string> targets, TimeProvider time, CancellationToken ct)
    {
        if (targets.Count == 0)
            return;
        var (program, arguments) = await UserNamespace.WrapAsync("rm", ["-rf", "--one-file-system", "--", .. targets], time, ct);
        var outcome = await ChildProcess.RunAsync(new ProcessOrder { Program = program, Arguments = arguments }, time, ct);
        if (outcome.ExitCode != 0)
            throw new IOException($"{string.Join(", ", targets)} cannot be removed: {outcome.LastLines}");
    }
}
