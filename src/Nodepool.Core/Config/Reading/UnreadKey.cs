using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <summary>A key that no reader asked for.</summary>
/// <param name="Map">The mapping that has it.</param>
/// <param name="Entry">The key and its value.</param>
/// <param name="Nearest">The known key that was probably meant; null when none is near.</param>
internal readonly record struct UnreadKey(ConfigMap Map, YamlEntry Entry, string? Nearest);
