namespace Nodepool.Providers.Local.Containers;

/// <summary>Tells why an ordinary user may not make the user namespace that a container needs.</summary>
internal static class UserNamespaceRefusal
{
    /// <summary>What the host says about user namespaces; a setting that it does not have is empty.</summary>
    /// <param name="MaxNamespaces">Text of <c>/proc/sys/user/max_user_namespaces</c>.</param>
    /// <param name="UnprivilegedClone">Text of <c>/proc/sys/kernel/unprivileged_userns_clone</c> (Debian and Ubuntu kernels).</param>
    /// <param name="AppArmorRestriction">Text of <c>/proc/sys/kernel/apparmor_restrict_unprivileged_userns</c> (Ubuntu since 23.10).</param>
    /// <param name="SubUid">Text of <c>/etc/subuid</c>.</param>
    /// <param name="SubGid">Text of <c>/etc/subgid</c>.</param>
    public readonly record struct Host(string MaxNamespaces, string UnprivilegedClone, string AppArmorRestriction, string SubUid, string SubGid);

    /// <summary>Reads the host's settings.</summary>
    public static Host ReadHost() => new(
        Read("/proc/sys/user/max_user_namespaces"),
        Read("/proc/sys/kernel/unprivileged_userns_clone"),
        Read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
        Read("/etc/subuid"),
        Read("/etc/subgid"));

    /// <summary>The likeliest reason, and the command that removes it.</summary>
    /// <param name="host">The host's settings.</param>
    /// <param name="user">Name of this user.</param>
    /// <param name="complaint">What unshare(1) said.</param>
    public static Obstacle Explain(Host host, string user, string complaint)
    {
        if (host.MaxNamespaces == "0")
            return new Obstacle("user namespaces are switched off on this host", "as root: sysctl -w user.max_user_namespaces=15000");
        if (host.UnprivilegedClone == "0")
            return new Obstacle("user namespaces are switched off for ordinary users", "as root: sysctl -w kernel.unprivileged_userns_clone=1");
        if (!SubordinateIds.HasRange(host.SubUid, user) || !SubordinateIds.HasRange(host.SubGid, user))
        {
            var first = SubordinateIds.FirstFree(host.SubUid, host.SubGid);
            var range = $"{first}-{first + SubordinateIds.Count - 1}";
            return new Obstacle(
                $"user {user} has no subordinate user and group ids", $"as root: usermod --add-subuids {range} --add-subgids {range} {user}");
        }

        if (complaint.Contains("map-auto", StringComparison.Ordinal))
            return new Obstacle($"unshare is too old ({complaint})", "install util-linux 2.38 or newer, or start as root");
        return host.AppArmorRestriction == "1"
            ? new Obstacle(
                $"AppArmor refuses user namespaces to ordinary programs ({complaint})", "as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
            : new Obstacle($"this host refuses user namespaces to {user} ({complaint})", "allow them, or start as root");
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
