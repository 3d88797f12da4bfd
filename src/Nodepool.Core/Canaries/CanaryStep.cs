using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Canaries;

/// <summary>One change of what is trusted or on trial.</summary>
/// <param name="Image">The image as it was seen.</param>
/// <param name="Scope">Where, and for whom.</param>
/// <param name="Next">What is to be stored; null removes the entry.</param>
/// <param name="Withdrawn">The trial whose candidate goes; null when none does.</param>
public sealed record CanaryStep(ImageView Image, CanaryScope Scope, CanaryRecord? Next, CanaryTrial? Withdrawn = null);
