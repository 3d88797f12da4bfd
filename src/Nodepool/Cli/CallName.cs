namespace Nodepool.Cli;

/// <summary>The program under its other names: links to one binary, each of which means a role.</summary>
internal static class CallName
{
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["nodepoold"] = "launcher",
        ["nodepool-launcher"] = "launcher",
        ["nodepool-builder"] = "builder",
    };

    /// <summary>The arguments with the command that the name stands for.</summary>
    public static IReadOnlyList<string> Expand(string name, IReadOnlyList<string> arguments) =>
        Roles.TryGetValue(name, out var role) ? [role, .. arguments] : arguments;

    /// <summary>
    /// The name that this process was called by. The runtime reports the resolved file only; the kernel still has the word that the
    /// caller used, which is the link's name.
    /// </summary>
    public static string OfProcess()
    {
        try
        {
            var first = File.ReadAllText("/proc/self/cmdline").Split('\0', 2)[0];
            return Path.GetFileName(first);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetFileName(Environment.GetCommandLineArgs()[0]);
        }
    }
}
