using System.Buffers.Text;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Providers.Scanning;

namespace Nodepool.Providers.Static;

/// <summary>Reads a provider section of the static driver.</summary>
internal static class StaticSection
{
    public static ProviderConfig Read(ConfigMap section)
    {
        var pools = ProviderSection.Defaults(section);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return ProviderSection.Read(section, pool => ReadPool(pool, pools, seen));
    }

    private static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults, HashSet<string> seen)
    {
        var hosts = pool.Maps("nodes").Select(node => ReadHost(node, seen)).ToValueList();
        if (hosts.Count == 0)
        {
            pool.Error("nodes", "'nodes' must list at least one host");
        }

        return ProviderSection.ReadPool(pool, defaults, readLabel: null) with
        {
            Machines = hosts,
            Labels = hosts.SelectMany(host => host.Labels).Distinct()
                .Select(label => new PoolLabelConfig { Name = label, HostKeyChecking = false }).ToValueList(),
        };
    }

    private static MachineConfig ReadHost(ConfigMap node, HashSet<string> seen)
    {
        var usual = new MachineConfig { Name = node.RequiredText("name") };
        var connection = node.Text("connection-type", usual.ConnectionType);
        var port = node.Int("ssh-port", connection == "winrm" ? 5986 : usual.ConnectionPort, min: 1, max: 65535);
        var host = usual with
        {
            Labels = node.Texts("labels").SelectMany(word => word.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToValueList(),
            Username = node.Text("username", usual.Username),
            Timeout = node.Seconds("timeout", usual.Timeout),
            HostKeys = node.Texts("host-key").Select(key => ReadKey(node, key)).ToValueList(),
            HostKeyChecking = node.Bool("host-key-checking", usual.HostKeyChecking),
            ConnectionType = connection,
            ConnectionPort = node.Int("connection-port", port, min: 1, max: 65535),
            Slots = node.Int("max-parallel-jobs", usual.Slots, min: 1),
            PythonPath = node.Text("python-path", usual.PythonPath),
            ShellType = node.Text("shell-type"),
        };
        if (node.Has("ssh-port"))
        {
            node.Warn("ssh-port", new Complaint("the old spelling of 'connection-port'; write that", Suggestion: "connection-port"));
        }

        if (host.Labels.Count == 0)
        {
            node.Error("labels", "'labels' must name at least one label");
        }

        if (!seen.Add(host.Id))
        {
            node.Error("name", $"{host.Id} is listed twice; to let a host be several nodes at once set max-parallel-jobs");
        }

        return host;
    }

    /// <summary>Two words; what follows them is the comment of a public key file.</summary>
    private static string ReadKey(ConfigMap node, string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !Base64.IsValid(words[1]))
        {
            node.Warn("host-key", "a host key is 'TYPE BASE64', as in the output of ssh-keyscan without its first word; no host shows this one");
            return text;
        }

        if (HostKeyType.All.All(type => type.Name != words[0]))
        {
            var read = string.Join(", ", HostKeyType.All.Select(type => type.Name));
            node.Warn("host-key", $"keys of type {words[0]} are not read, so this one is never found; give one of {read}");
        }

        return $"{words[0]} {words[1]}";
    }
}
