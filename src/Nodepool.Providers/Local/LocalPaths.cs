namespace Nodepool.Providers.Local;

/// <summary>Where a provider keeps what: this directory is its database.</summary>
/// <param name="Root">The provider's directory.</param>
internal sealed record LocalPaths(string Root)
{
    /// <summary>One directory per image; names that begin with a dot are being made or removed.</summary>
    public string Images => Path.Combine(Root, "images");

    /// <summary>One directory per instance, named by its token; names that begin with a dot are being made.</summary>
    public string Instances => Path.Combine(Root, "instances");

    /// <summary>Files that are locked, never read.</summary>
    public string Locks => Path.Combine(Root, "locks");

    /// <summary>The key pair that may log in to every node.</summary>
    public string OperatorKey => Path.Combine(Root, "ssh", "id_ed25519");

    /// <summary>What the last trial of KVM showed.</summary>
    public string KvmTrial => Path.Combine(Root, "kvm-trial.json");

    public string Instance(string token) => Path.Combine(Instances, token);

    public LocalImage Image(string name) => new(Path.Combine(Images, name));

    /// <summary>Whether a name can be that of one directory here: nothing of ours is reached by another.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= 200 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+');
}
