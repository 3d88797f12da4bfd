using Nodepool.Core.Model;

namespace Nodepool.Core.View;

/// <summary>A job as it was seen at one moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Version of the entry.</param>
/// <param name="Record">The record; null when it cannot be understood.</param>
public sealed record JobView(string Id, int Version, JobRecord? Record);
