namespace Nodepool.Providers.OpenStack.Volumes;

/// <summary>A volume as Cinder tells it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Size">GB.</param>
internal sealed record VolumeEntry(string Id, int Size)
{
    /// <summary>Its name; empty for those that Nova makes.</summary>
    public string? Name { get; init; }

    /// <summary><c>available</c>, <c>in-use</c>, <c>deleting</c>, …</summary>
    public string? Status { get; init; }

    /// <summary>Its metadata.</summary>
    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>Servers that it is attached to.</summary>
    public List<Attachment>? Attachments { get; init; }

    /// <summary>One attachment.</summary>
    /// <param name="ServerId">Id of the server.</param>
    internal sealed record Attachment(string ServerId);
}
