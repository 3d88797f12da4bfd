using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>A lease whose holder hears of its loss as late as a real one does.</summary>
internal sealed class SimLease : ILease
{
    private readonly SimEngine _engine;
    private readonly ILease _inner;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenRegistration _innerLost;
    private bool _isOver;

    public SimLease(SimEngine engine, ILease inner)
    {
        _engine = engine;
        _inner = inner;
        _innerLost = inner.Lost.Register(() => engine.Tell(_lost));
    }

    public string Path => _inner.Path;

    public long Position => _inner.Position;

    public CancellationToken Lost => _lost.Token;

    public void Released()
    {
        if (End())
        {
            _inner.Released();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (End())
        {
            await _engine.ReleaseAsync(_inner);
        }
    }

    private bool End()
    {
        if (_isOver)
        {
            return false;
        }

        _isOver = true;
        _innerLost.Unregister();
        _lost.Cancel();
        return true;
    }
}
