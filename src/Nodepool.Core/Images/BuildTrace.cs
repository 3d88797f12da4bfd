using Nodepool.Core.Collections;

namespace Nodepool.Core.Images;

/// <summary>What lies of one build on a builder's disk.</summary>
/// <param name="Image">Name of the diskimage.</param>
/// <param name="Build">Id of the build.</param>
/// <param name="Formats">Formats of image files, half-written ones included, sorted.</param>
/// <param name="HasRemains">Something lies there that only a build or a conversion in progress needs: a work directory, half a record.</param>
public sealed record BuildTrace(string Image, string Build, ValueList<string> Formats, bool HasRemains);
