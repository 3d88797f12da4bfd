using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Core.Imaging;

/// <summary>One image to build.</summary>
/// <param name="Image">Which.</param>
/// <param name="Formats">In which formats, sorted.</param>
/// <param name="Reason">Why now, for people.</param>
public sealed record BuildOrder(DiskImageConfig Image, ValueList<string> Formats, string Reason);
