namespace Nodepool.Core.Config.Reading;

/// <summary>A key of a mapping with its value.</summary>
/// <param name="Key">The key as text.</param>
/// <param name="KeyPlace">Where the key is; for a merged key where it was merged from.</param>
/// <param name="Value">The value.</param>
/// <param name="ValuePlace">Where the value or the alias for it is.</param>
internal readonly record struct YamlEntry(string Key, int KeyPlace, YamlNode Value, int ValuePlace);
