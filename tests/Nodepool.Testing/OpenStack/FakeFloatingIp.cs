namespace Nodepool.Testing.OpenStack;

/// <summary>A floating IP of a <see cref="FakeNeutron"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Network">Where it comes from.</param>
/// <param name="Address">The address.</param>
/// <param name="Description">Free text.</param>
public sealed record FakeFloatingIp(string Id, FakeNetwork Network, string Address, string Description)
{
    /// <summary>The port that it leads to; null: none.</summary>
    public string? Port { get; set; }

    /// <summary>Whose it is.</summary>
    public string Project { get; init; } = FakeOpenStack.Project;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }
}
