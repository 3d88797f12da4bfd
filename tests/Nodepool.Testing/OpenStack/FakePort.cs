namespace Nodepool.Testing.OpenStack;

/// <summary>A port of a <see cref="FakeNeutron"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Network">Its network.</param>
/// <param name="Device">The server that it was made for.</param>
/// <param name="Address">Its address.</param>
public sealed record FakePort(string Id, FakeNetwork Network, string Device, string Address)
{
    /// <summary><c>ACTIVE</c> or <c>DOWN</c>.</summary>
    public string Status { get; set; } = "ACTIVE";

    /// <summary>What made it.</summary>
    public string Owner { get; init; } = "compute:nova";

    /// <summary>Whose it is.</summary>
    public string Project { get; init; } = FakeOpenStack.Project;
}
