using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Daemons;

namespace Nodepool.Tests.Daemons;

public sealed class IdleCollectionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Heap _heap = new();
    private readonly IdleCollection _collection;

    public IdleCollectionTests() => _collection = new IdleCollection(_heap, _time, NullLogger.Instance);

    [Fact]
    public void BurstHasEnded_CollectsOnce()
    {
        _heap.Work(IdleCollection.Worthwhile);
        Pass();
        Assert.Equal(0, _heap.Collections);

        Pass();
        Assert.Equal(1, _heap.Collections);

        Pass();
        Pass();
        Assert.Equal(1, _heap.Collections);
    }

    [Fact]
    public void WorkGoesOn_CollectsNothing()
    {
        for (var i = 0; i < 20; i++)
        {
            _heap.Work(IdleCollection.Busy);
            Pass();
        }

        Assert.Equal(0, _heap.Collections);
    }

    [Fact]
    public void LittleIsLeft_CollectsNothing()
    {
        _heap.Work(IdleCollection.Worthwhile - 1);
        Pass();
        Pass();

        Assert.Equal(0, _heap.Collections);
    }

    [Fact]
    public void MuchIsAlive_IsNotCollectedAgainForLittle()
    {
        _heap.Alive = 10 * IdleCollection.Worthwhile;
        _heap.Work(_heap.Alive);
        Pass();
        Pass();
        Assert.Equal(1, _heap.Collections);

        _heap.Work(IdleCollection.Worthwhile - 1);
        Pass();
        Pass();
        Assert.Equal(1, _heap.Collections);
    }

    [Fact]
    public void MuchHasDiedSince_IsCollectedAgain()
    {
        _heap.Work(IdleCollection.Worthwhile);
        Pass();
        Pass();
        _heap.Alive = 4 * IdleCollection.Worthwhile;
        _heap.Work(_heap.Alive);
        Pass();
        Pass();
        Assert.Equal(2, _heap.Collections);

        // The collector of the runtime keeps the size as it is, however much is done.
        _heap.Alive = 0;
        _heap.Work(2 * _heap.Size, growth: 0);
        Pass();
        Pass();

        Assert.Equal(3, _heap.Collections);
        Assert.Equal(0, _heap.Size);
    }

    [Fact]
    public void Disposed_CollectsNothing()
    {
        _collection.Dispose();
        _heap.Work(IdleCollection.Worthwhile);
        Pass();
        Pass();

        Assert.Equal(0, _heap.Collections);
    }

    public void Dispose() => _collection.Dispose();

    private void Pass() => _time.Advance(IdleCollection.Period);

    /// <summary>Keeps what is allocated until it is told to shrink.</summary>
    private sealed class Heap : IManagedHeap
    {
        public long Allocated { get; private set; }

        public long Size { get; private set; }

        public long Alive { get; set; }

        public int Collections { get; private set; }

        public void Work(long bytes, long? growth = null)
        {
            Allocated += bytes;
            Size += growth ?? bytes;
        }

        public void Shrink()
        {
            Size = Alive;
            Collections++;
        }
    }
}
