namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>A key of a mapping with its value.</summary>
/// <param name="Key">The key as text.</param>
/// <param name="KeyPlace">Where the key is; for a merged key where it was merged from.</param>
/// <param name="Value">The value.</param>
/// <param name="ValuePlace">Where the value or the alias for it is.</param>
/// <param name="Origin">Key path that the file has it under, when that is not where it stands in the tree; see <see cref="V2.V2Translator"/>.</param>
internal readonly record struct YamlEntry(string Key, int KeyPlace, YamlNode Value, int ValuePlace, string? Origin = null);
