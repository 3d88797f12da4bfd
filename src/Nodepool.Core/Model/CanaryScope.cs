namespace Nodepool.Core.Model;

/// <summary>For whom uploads of an image prove themselves.</summary>
/// <param name="Provider">At which provider.</param>
/// <param name="Label">The label, when it has an <c>image-canary</c> of its own; null for all others together.</param>
public readonly record struct CanaryScope(string Provider, string? Label = null);
