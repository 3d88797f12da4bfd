namespace Nodepool.Providers.Local.Containers;

/// <summary>The files of a container in its instance directory.</summary>
/// <param name="Directory">The instance directory, absolute.</param>
internal readonly record struct ContainerFiles(string Directory)
{
    /// <summary>Link to the image's tree.</summary>
    public string Lower => In("lower");

    /// <summary>The node's own layer: seed files, then all that it writes.</summary>
    public string Upper => In("upper");

    /// <summary>Overlayfs' own.</summary>
    public string Work => In("work");

    /// <summary>Mount point, in the container's mount namespace only.</summary>
    public string Merged => In("merged");

    /// <summary><see cref="ContainerScript"/>; as an argument it also marks the processes of this directory.</summary>
    public string Script => In("init.sh");

    /// <summary>What set-up and sshd said.</summary>
    public string Console => In("console.log");

    /// <summary><see cref="ProcessMark"/> of unshare(1): the process that stands for the container.</summary>
    public string Outer => In("outer");

    /// <summary><see cref="ProcessMark"/> of process 1 inside.</summary>
    public string Inner => In("inner");

    /// <summary>Exists from the moment a stop began: a start that is under way elsewhere ends itself.</summary>
    public string Stopped => In("stopped");

    /// <summary>Control groups, one path a line; written before they are made.</summary>
    public string Groups => In("cgroups");

    /// <summary>All that a start makes and a later start must not meet; not the console and not <see cref="Stopped"/>.</summary>
    public IEnumerable<string> Removable => [Lower, Upper, Work, Merged, Script, Outer, Outer + ".new", Inner, Inner + ".new", Groups];

    private string In(string name) => Path.Combine(Directory, name);
}
