namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>An element of a list.</summary>
/// <param name="Value">The element.</param>
/// <param name="Place">Where the list has it: for an alias not the place of the value.</param>
/// <param name="Origin">Key path that the file has it under, when that is not where it stands in the tree.</param>
internal readonly record struct YamlItem(YamlNode Value, int Place, string? Origin = null);
