using Nodepool.Core.Collections;
using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>One build or upload to remove.</summary>
/// <typeparam name="T">Its view.</typeparam>
/// <param name="Item">Which.</param>
/// <param name="Fence">
/// What the decision rests on: those that stay in its place. Goes into the commit that marks it, so that two who remove different ones at the
/// same moment never leave fewer than are promised.
/// </param>
public sealed record Removal<T>(T Item, ValueList<Write> Fence);
