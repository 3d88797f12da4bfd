namespace Nodepool.Testing.OpenStackLab;

/// <summary>A server as Nova has it.</summary>
/// <param name="Id">Nova's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status"><c>ACTIVE</c>, <c>BUILD</c>, <c>ERROR</c>, …</param>
/// <param name="ImageId">The image that it was made from; null when its root is a volume.</param>
/// <param name="Launched">When Nova called it active.</param>
/// <param name="Metadata">Its metadata.</param>
public sealed record LabServer(string Id, string Name, string Status, string? ImageId, DateTimeOffset? Launched, IReadOnlyDictionary<string, string> Metadata);
