using Microsoft.Extensions.Logging;
using Nodepool.Core.Images;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>What all parts of one builder process share.</summary>
/// <param name="Engine">The store.</param>
/// <param name="Feed">The newest view.</param>
/// <param name="Sources">Time, ids and chance.</param>
/// <param name="Loggers">Makes loggers.</param>
/// <param name="Tools">What images are built with.</param>
/// <param name="Hook">Runs operators' hooks.</param>
/// <param name="Options">Host, version, numbers of workers.</param>
public sealed record BuilderContext(
    IStateEngine Engine,
    ClusterFeed Feed,
    Sources Sources,
    ILoggerFactory Loggers,
    BuildTools Tools,
    IPostUploadHook Hook,
    BuilderOptions Options)
{
    /// <summary>What its reconcilers run in.</summary>
    internal ReconcilerFrame Frame { get; } = new(Feed, Sources, Loggers);
}
