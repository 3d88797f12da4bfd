using System.Text;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.Local.Containers.Cgroups;

/// <summary>One mounted hierarchy of control groups: one of several of version 1, or the one of version 2.</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Root">Which of its groups the mount point shows; <c>/</c> unless a container shows a part only.</param>
/// <param name="Unified">True for version 2.</param>
/// <param name="Options">Version 1: its controllers and a few further words. Version 2: nothing useful.</param>
internal sealed record CgroupHierarchy(string MountPoint, string Root, bool Unified, ValueList<string> Options)
{
    /// <summary>Reads the text of <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
    public static ValueList<CgroupHierarchy> ParseMounts(string mountInfo) =>
        mountInfo.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ParseMount).OfType<CgroupHierarchy>().ToValueList();

    /// <summary>
    /// The directory of the group in which this process is, from the text of <c>/proc/self/cgroup</c> (cgroups(7)); null when it is not below the mount point.
    /// </summary>
    public string? OwnDirectory(string selfCgroup)
    {
        foreach (var line in selfCgroup.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(':', 3);
            if (fields.Length < 3)
                continue;
            var controllers = fields[1].Split(',', StringSplitOptions.RemoveEmptyEntries);
            if (Unified ? fields[0] == "0" && controllers.Length == 0 : controllers.Length > 0 && controllers.All(Options.Contains))
                return Below(fields[2]);
        }

        return null;
    }

    private string? Below(string group)
    {
        var root = Root.TrimEnd('/');
        // "/.." begins the path of a group outside of this process' cgroup namespace.
        if (group.StartsWith("/..", StringComparison.Ordinal) || !(group + "/").StartsWith(root + "/", StringComparison.Ordinal))
            return null;
        return (MountPoint + group[root.Length..]).TrimEnd('/');
    }

    private static CgroupHierarchy? ParseMount(string line)
    {
        // 36 35 98:0 ROOT MOUNT-POINT OPTIONS [TAG...] - TYPE SOURCE SUPER-OPTIONS
        var halves = line.Split(" - ", 2);
        var left = halves[0].Split(' ');
        var right = halves.Length == 2 ? halves[1].Split(' ') : [];
        return left.Length >= 6 && right.Length >= 3 && right[0] is "cgroup" or "cgroup2"
            ? new CgroupHierarchy(Unescape(left[4]), Unescape(left[3]), right[0] == "cgroup2", right[2].Split(',').ToValueList())
            : null;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
            return text;
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text.AsSpan(i + 1, 3)))
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static bool IsOctal(ReadOnlySpan<char> digits) => !digits.ContainsAnyExceptInRange('0', '7');
}
