using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStack;

/// <summary>A server of a <see cref="FakeNova"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Order">What it was ordered with.</param>
/// <param name="Created">When.</param>
/// <param name="ActiveAt">When it is active, or in ERROR.</param>
public sealed record FakeServer(string Id, string Name, JsonObject Order, DateTimeOffset Created, DateTimeOffset ActiveAt)
{
    /// <summary>Text of the fault that it ends in; null: it becomes active.</summary>
    public string? Fault { get; init; }

    /// <summary>When it is gone; null while nobody has asked for its end.</summary>
    public DateTimeOffset? GoneAt { get; set; }

    /// <summary>State while it is none of the usual.</summary>
    public string? Status { get; set; }

    /// <summary>Fixed address.</summary>
    public required string Address { get; init; }

    /// <summary>Name of its network.</summary>
    public required string Network { get; init; }

    /// <summary>Volumes.</summary>
    public List<string> Volumes { get; } = [];

    /// <summary>Its metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata =>
        (Order["metadata"] as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.Ordinal);

    /// <summary><c>BUILD</c>, <c>ACTIVE</c> or <c>ERROR</c>.</summary>
    public string StatusAt(DateTimeOffset now) => Status ?? (now < ActiveAt ? "BUILD" : Fault is null ? "ACTIVE" : "ERROR");
}
