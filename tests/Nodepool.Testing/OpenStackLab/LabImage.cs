namespace Nodepool.Testing.OpenStackLab;

/// <summary>An image as Glance has it.</summary>
/// <param name="Id">Glance's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status"><c>active</c>, <c>queued</c>, <c>saving</c>, …</param>
/// <param name="Properties">All its properties that are texts.</param>
public sealed record LabImage(string Id, string Name, string Status, IReadOnlyDictionary<string, string> Properties);
