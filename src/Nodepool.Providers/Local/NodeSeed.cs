using System.Text;
using Nodepool.Core.Collections;
using Nodepool.Providers.Local.Instances;

namespace Nodepool.Providers.Local;

/// <summary>The files that make a node out of an image: its name, its keys, who may log in, its network.</summary>
internal static class NodeSeed
{
    // Those of QEMU's user networking (-netdev user).
    private const string VmNetwork = "10.0.2.15/24 10.0.2.2\n";
    private const string VmResolver = "nameserver 10.0.2.3\n";

    // Keys outside the homes: nobody needs to know the user's id, and copying the seed does not change the owner of a home.
    private const string SshdConfig =
        """
        UseDNS no
        PasswordAuthentication no
        PermitRootLogin prohibit-password
        HostKey /etc/ssh/ssh_host_ed25519_key
        AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u .ssh/authorized_keys

        """;

    /// <summary>The seed of an instance.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="kind">How it runs.</param>
    /// <param name="hostKey">Private and public half of its host key.</param>
    /// <param name="authorizedKeys">Lines of public keys.</param>
    /// <param name="hostResolver">The host's <c>/etc/resolv.conf</c>: a container shares the host's network.</param>
    public static ValueList<SeedFile> Of(
        InstanceRecord record, LocalKind kind, (string Private, string Public) hostKey, IEnumerable<string> authorizedKeys, string hostResolver)
    {
        var authorized = string.Concat(authorizedKeys.Distinct(StringComparer.Ordinal).Select(line => line + "\n"));
        List<SeedFile> files =
        [
            Text("etc/hostname", record.Hostname + "\n"),
            Text("etc/hosts", $"127.0.0.1 localhost\n127.0.1.1 {record.Hostname}\n"),
            // Without it systemd takes this for a machine's first boot and runs its presets.
            Text("etc/machine-id", record.MachineId + "\n"),
            Text("etc/ssh/ssh_host_ed25519_key", hostKey.Private, 0x180 /* 0600 */),
            Text("etc/ssh/ssh_host_ed25519_key.pub", hostKey.Public.TrimEnd() + "\n"),
            Text("etc/ssh/sshd_config.d/00-node.conf", SshdConfig),
            .. new[] { "root", record.Username }.Distinct(StringComparer.Ordinal).Select(user => Text("etc/ssh/authorized_keys.d/" + user, authorized)),
        ];
        if (kind == LocalKind.Vm)
        {
            // The initial RAM disk sets the address; DHCP would cost ten seconds under emulation.
            files.Add(Text("etc/node-ip", VmNetwork));
            files.Add(Text("etc/resolv.conf", VmResolver));
            files.Add(new SeedFile("etc/systemd/system/systemd-networkd.service", default, 0, "/dev/null"));
        }
        else
        {
            files.Add(Text("etc/resolv.conf", hostResolver));
        }

        return files.ToValueList();
    }

    private static SeedFile Text(string path, string content, int mode = 0x1a4 /* 0644 */) => new(path, Encoding.UTF8.GetBytes(content), mode);
}
