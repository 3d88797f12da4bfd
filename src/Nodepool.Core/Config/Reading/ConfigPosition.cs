namespace Nodepool.Core.Config.Reading;

/// <summary>Where a mapping stands.</summary>
/// <param name="Path">Key path; empty for the root.</param>
/// <param name="Place">Offset in the expanded text of the mapping, or of the alias for it.</param>
/// <param name="IsHidden">Below a secret key, so no value of it may be shown.</param>
/// <param name="IsLenient">Nothing that is wrong in it makes the file unusable.</param>
internal readonly record struct ConfigPosition(string Path, int Place, bool IsHidden, bool IsLenient = false)
{
    /// <summary>Key path of a key of it.</summary>
    public string PathOf(string key) => Path.Length == 0 ? key : key.Length == 0 ? Path : $"{Path}.{key}";
}
