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

    /// <summary>A name under which Python's daemons went to the background unless they were told not to.</summary>
    public static bool IsDaemon(string name) => Roles.ContainsKey(name);

    /// <summary>The arguments with the command that the name stands for.</summary>
    public static IReadOnlyList<string> Expand(string name, IReadOnlyList<string> arguments) =>
        Roles.TryGetValue(name, out var role) ? [role, .. arguments] : arguments;

    /// <summary>
    /// The words that this process was called with, the name of the program first. The runtime reports the resolved file instead of that
    /// name; the kernel still has the word that the caller used, which is the link's name.
    /// </summary>
    public static IReadOnlyList<string> Words()
    {
        try
        {
            // Each word ends with a NUL; the last word may be empty.
            return File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.GetCommandLineArgs();
        }
    }

    /// <summary>The name that this process was called by, without directory.</summary>
    public static string OfProcess() => Path.GetFileName(Words()[0]);
}
