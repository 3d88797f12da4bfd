using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads the keys for ZooKeeper, of the configuration or of the secure file over it.</summary>
internal static class ZooKeeperSection
{
    /// <summary>What a file says, over what is known already: its list of servers replaces the other, its TLS files too.</summary>
    public static ZooKeeperConfig Read(ConfigMap root, ZooKeeperConfig known)
    {
        var servers = root.Maps("zookeeper-servers");
        return known with
        {
            Servers = servers.Count > 0 ? servers.Select(ReadServer).ToValueList() : known.Servers,
            Chroot = servers.Count > 0 ? ReadChroot(servers) : known.Chroot,
            Tls = root.Map("zookeeper-tls") is { } tls ? ReadTls(tls) : known.Tls,
        };
    }

    /// <summary><c>zookeeper-timeout</c>, which the secure file cannot have.</summary>
    public static TimeSpan ReadTimeout(ConfigMap root, TimeSpan fallback)
    {
        var timeout = root.Seconds("zookeeper-timeout", fallback);
        if (timeout > TimeSpan.Zero)
        {
            return timeout;
        }

        root.Error("zookeeper-timeout", Complaint.OfValue("a number of seconds above 0", "found '0'"));
        return fallback;
    }

    private static ZooKeeperServer ReadServer(ConfigMap server)
    {
        var host = server.RequiredText("host");
        var bare = host is ['[', .., ']'] ? host[1..^1] : host;
        if (bare.Length == 0 || Uri.CheckHostName(bare) == UriHostNameType.Unknown)
        {
            if (server.Has("host"))
            {
                server.Error("host", Complaint.OfValue("a host name or an IP address without port", $"found {server.Shown("host")}"));
            }
        }

        return new ZooKeeperServer(bare, server.OptionalInt("port", min: 1, max: 65535));
    }

    /// <summary>A session sees one tree whichever server it is connected to, so there can be only one chroot.</summary>
    private static string ReadChroot(IReadOnlyList<ConfigMap> servers)
    {
        string? chroot = null;
        foreach (var server in servers.Where(server => server.Has("chroot")))
        {
            var path = "/" + server.Text("chroot", "").Trim('/');
            if (path.Contains("//", StringComparison.Ordinal) || path.Any(char.IsControl))
            {
                server.Error("chroot", Complaint.OfValue("a path such as /nodepool", $"found {server.Shown("chroot")}"));
            }
            else if (chroot is not null && chroot != path)
            {
                server.Error("chroot", "differs from the one above; all servers hold the same tree, so give it once or the same everywhere");
            }

            chroot ??= path;
        }

        return chroot is null or "/" ? "" : chroot;
    }

    private static ZooKeeperTls ReadTls(ConfigMap tls) => new(ReadFile(tls, "cert"), ReadFile(tls, "key"), ReadFile(tls, "ca"), tls.Bool("check-host-name", false));

    private static string ReadFile(ConfigMap tls, string key) => tls.RequiredText(key).Length == 0 ? "" : tls.FilePath(key) ?? "";
}
