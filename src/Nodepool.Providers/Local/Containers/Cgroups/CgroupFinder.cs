using Nodepool.Core.Collections;

namespace Nodepool.Providers.Local.Containers.Cgroups;

/// <summary>Finds out where this process may make control groups that limit something.</summary>
internal static class CgroupFinder
{
    /// <summary>Name of the group of ours. It stays, empty, when the last container is gone.</summary>
    public const string GroupName = "nodepool";

    /// <summary>
    /// For each controller one usable group of ours, made if need be. First choice is the top of a hierarchy, so that containers do not hang
    /// on the group of a launcher that is restarted; then, for those to whom a part was delegated, beside and below our own group.
    /// </summary>
    /// <param name="mountInfo">Text of <c>/proc/self/mountinfo</c>.</param>
    /// <param name="selfCgroup">Text of <c>/proc/self/cgroup</c>.</param>
    /// <param name="canJoin">Tells whether a program of ours can join the group with this directory.</param>
    public static async ValueTask<ValueList<CgroupParent>> FindAsync(string mountInfo, string selfCgroup, Func<string, ValueTask<bool>> canJoin)
    {
        var parents = new List<CgroupParent>();
        foreach (var hierarchy in CgroupHierarchy.ParseMounts(mountInfo))
        {
            foreach (var above in Candidates(hierarchy, selfCgroup))
            {
                var wanted = CgroupLimits.Controllers.Where(name => hierarchy.Unified || hierarchy.Options.Contains(name))
                    .Except(parents.SelectMany(parent => parent.Controllers)).ToValueList();
                if (wanted.Count > 0 && await TryMakeAsync(hierarchy, above, wanted, canJoin) is { } parent)
                    parents.Add(parent);
            }
        }

        return [.. parents];
    }

    private static IEnumerable<string> Candidates(CgroupHierarchy hierarchy, string selfCgroup)
    {
        yield return hierarchy.MountPoint;
        if (hierarchy.OwnDirectory(selfCgroup) is { } own && own != hierarchy.MountPoint)
        {
            if (Path.GetDirectoryName(own) is { } beside && beside != hierarchy.MountPoint)
                yield return beside;
            yield return own;
        }
    }

    private static async ValueTask<CgroupParent?> TryMakeAsync(
        CgroupHierarchy hierarchy, string above, ValueList<string> wanted, Func<string, ValueTask<bool>> canJoin)
    {
        var directory = Path.Combine(above, GroupName);
        var existed = Directory.Exists(directory);
        try
        {
            Directory.CreateDirectory(directory);
            var controllers = hierarchy.Unified ? Enable(above, directory, wanted) : wanted;
            if (controllers.Count > 0 && await canJoin(directory))
                return new CgroupParent(directory, hierarchy.Unified, controllers);
            if (!existed)
                Directory.Delete(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read-only or somebody else's: the next candidate.
        }

        return null;
    }

    // Version 2: a group offers what the one above it enables; enabling in turn is refused where processes are.
    private static ValueList<string> Enable(string above, string directory, ValueList<string> wanted)
    {
        foreach (var controller in wanted)
        {
            if (!Offered(directory).Contains(controller))
                WriteQuietly(Path.Combine(above, "cgroup.subtree_control"), "+" + controller);
            if (Offered(directory).Contains(controller))
                WriteQuietly(Path.Combine(directory, "cgroup.subtree_control"), "+" + controller);
        }

        var enabled = Words(Path.Combine(directory, "cgroup.subtree_control"));
        return wanted.Where(enabled.Contains).ToValueList();
    }

    private static string[] Offered(string directory) => Words(Path.Combine(directory, "cgroup.controllers"));

    private static string[] Words(string file) => File.ReadAllText(file).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static void WriteQuietly(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What counts is what the files say afterwards.
        }
    }
}
