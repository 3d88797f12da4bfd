namespace Nodepool.Testing.OpenStack;

/// <summary>A volume of a <see cref="FakeCinder"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Size">GB.</param>
public sealed record FakeVolume(string Id, int Size)
{
    /// <summary>The server that it is attached to; null: none.</summary>
    public string? Server { get; set; }

    /// <summary>Its metadata.</summary>
    public Dictionary<string, string> Metadata { get; } = [];
}
