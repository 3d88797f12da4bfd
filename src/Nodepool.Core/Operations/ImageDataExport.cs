namespace Nodepool.Core.Operations;

/// <summary>Image data as it was stored at one moment.</summary>
/// <param name="Entries">Path to stored text, by path.</param>
/// <param name="LeftOut">Paths of records that cannot be understood and would not survive a file.</param>
public sealed record ImageDataExport(IReadOnlyDictionary<string, string> Entries, IReadOnlyList<string> LeftOut);
