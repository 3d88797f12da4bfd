using System.Globalization;
using System.Net.NetworkInformation;
using System.Text;
using Nodepool.Core.View;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Crash;

/// <summary>What local nodes may leave on this host, whatever the records say: remembered while they are there, looked for when they must be gone.</summary>
/// <param name="root">The state directory.</param>
/// <param name="provider">The provider's directory below it.</param>
internal sealed class HostTraces(string root, string provider)
{
    private readonly HashSet<(string Address, int Port)> _endpoints = [];
    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);

    public int Endpoints => _endpoints.Count;

    public int Groups => _groups.Count;

    private string Instances => Path.Combine(provider, "instances");

    /// <summary>Remembers where nodes listen and which control groups they have.</summary>
    public void Remember(ClusterView view)
    {
        foreach (var node in view.Nodes.ById.Values)
        {
            if (node.Record is { InterfaceIp: { } address } && int.TryParse(node.Record.ConnectionPort.ToString(), CultureInfo.InvariantCulture, out var port))
                _endpoints.Add((address, port));
        }

        if (!Directory.Exists(Instances))
            return;
        foreach (var file in Directory.EnumerateDirectories(Instances).Select(instance => Path.Combine(instance, "cgroups")))
        {
            try
            {
                _groups.UnionWith(File.ReadAllLines(file));
            }
            catch (IOException)
            {
                // Another kind of node, or it has just gone.
            }
        }
    }

    /// <summary>What is left, in words; empty when nothing is.</summary>
    public IReadOnlyList<string> Left()
    {
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => (end.Address.ToString(), end.Port)).ToHashSet();
        return
        [
            .. Processes(root).Select(process => $"process {process.Pid}: {CommandLine(process.Pid)}"),
            .. (Directory.Exists(Instances) ? Directory.GetFileSystemEntries(Instances) : []).Select(path => $"instance {path}"),
            .. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(root, StringComparison.Ordinal)).Select(line => $"mount {line}"),
            .. _endpoints.Where(listening.Contains).Select(end => $"listener on {end.Address}:{end.Port}"),
            .. _groups.Where(Directory.Exists).Select(group => $"control group {group}"),
        ];
    }

    /// <summary>Ends what a failed test left.</summary>
    public static void KillAll(string root)
    {
        while (Processes(root).ToList() is { Count: > 0 } left)
        {
            left.ForEach(process => process.Kill(ProcessSignal.Kill));
        }
    }

    /// <summary>
    /// Processes whose arguments, environment or working directory speak of anything below a directory. Mounts prove nothing: what an image build mounts
    /// there every process of this host has among its mounts.
    /// </summary>
    private static IEnumerable<ProcessIdentity> Processes(string root) => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0 && pid != Environment.ProcessId && Speaks(pid, root))
        .Select(ProcessIdentity.Of).OfType<ProcessIdentity>();

    private static bool Speaks(int pid, string root)
    {
        try
        {
            var mark = Encoding.UTF8.GetBytes(root);
            return ((string[])["cmdline", "environ"]).Any(file => File.ReadAllBytes($"/proc/{pid}/{file}").AsSpan().IndexOf(mark) >= 0)
                || new FileInfo($"/proc/{pid}/cwd").LinkTarget?.StartsWith(root, StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "just ended";
        }
    }
}
