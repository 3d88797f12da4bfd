using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>One image to build.</summary>
/// <param name="Image">Which.</param>
/// <param name="Formats">In which formats, sorted.</param>
/// <param name="Reason">Why now, for people.</param>
/// <param name="Recipe">What it is built from, see <see cref="BuildRecipe"/>.</param>
public sealed record BuildOrder(DiskImageConfig Image, ValueList<string> Formats, string Reason, string Recipe)
{
    /// <summary>Number of the attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The request by command that is answered (Unix milliseconds of the store), or null.</summary>
    public long? RequestMs { get; init; }

    /// <summary>A fresh build that only lacks some of the formats: whoever has its files may convert them instead of building. Null otherwise.</summary>
    public BuildView? Incomplete { get; init; }
}
