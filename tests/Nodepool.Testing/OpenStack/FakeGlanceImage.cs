using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStack;

/// <summary>An image of a <see cref="FakeGlance"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Number">Counts images: a greater one is newer.</param>
public sealed record FakeGlanceImage(string Id, string Name, int Number)
{
    /// <summary><c>queued</c>, <c>saving</c>, <c>active</c>, …</summary>
    public string Status { get; set; } = "queued";

    /// <summary>Whose it is.</summary>
    public string Owner { get; init; } = FakeOpenStack.Project;

    /// <summary>All else that it was made with.</summary>
    public JsonObject Properties { get; init; } = [];

    /// <summary>What was uploaded.</summary>
    public ReadOnlyMemory<byte> Data { get; set; }
}
