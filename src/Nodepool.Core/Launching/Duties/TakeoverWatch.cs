using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Launching.Duties;

/// <summary>
/// Looks whether another launcher runs a provider that our configuration no longer has, and keeps it. Begun when our own pools of it have ended. One that has the
/// provider only for a moment longer is about to read the same file; if it died before, nobody would know of the provider.
/// </summary>
/// <param name="context">The launcher.</param>
/// <param name="provider">Name of the provider.</param>
/// <param name="onTakeover">Called when another launcher does.</param>
internal sealed class TakeoverWatch(LauncherContext context, string provider, Action onTakeover) : IReconciler
{
    /// <summary>For how long another one has to have it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(15);

    private long? _position;
    private long? _since;

    public string Name => $"provider {provider}";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        // A view that is older than the end of our own pools would show them as somebody else's. Parent of our own registration: it is there.
        _position ??= (await context.Engine.CommitAsync([new Write.Check(NodepoolPaths.Components, Write.AnyVersion)], ct)).Position;
        var view = await context.Feed.AtLeastAsync(_position.Value, ct);
        if (!view.Pools.Any(pool => pool.ProviderName == provider))
        {
            _since = null;
            return Fallback;
        }

        var time = context.Sources.Time;
        _since ??= time.GetTimestamp();
        var wait = Patience - time.GetElapsedTime(_since.Value);
        if (wait <= TimeSpan.Zero)
        {
            onTakeover();
            return Fallback;
        }

        return wait;
    }
}
