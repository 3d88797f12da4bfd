using System.Globalization;
using System.Text;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>Finds processes by a variable in their environment: children inherit it, however far they have moved from their parents.</summary>
internal static class MarkedProcesses
{
    /// <summary>Processes that were started with <c>name=value</c>, as far as this user may look.</summary>
    public static IReadOnlyList<ProcessIdentity> Find(string name, string value)
    {
        var mark = Encoding.UTF8.GetBytes($"{name}={value}\0");
        var found = new List<ProcessIdentity>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid)
                && ProcessIdentity.Of(pid) is { } process && Carries(pid, mark))
                found.Add(process);
        }

        return found;
    }

    private static bool Carries(int pid, byte[] mark)
    {
        try
        {
            var environment = File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"));
            var at = environment.AsSpan().IndexOf(mark);
            return at == 0 || (at > 0 && environment[at - 1] == 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
            return false;
        }
    }
}
