using System.Runtime.CompilerServices;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Locks;
using Nodepool.State.Memory;

namespace Nodepool.Tests.State;

/// <summary>The recipe over a store that loses answers and fails, as one behind a network does.</summary>
public sealed class LockRecipeTests
{
    private readonly MemoryEngine _engine = new MemoryTree(TimeProvider.System).Open(SystemSources.Create());
    private readonly FaultyGround _ground;
    private readonly LeaseTable _leases = new(tellsInline: true);
    private readonly LockRecipe _recipe;

    public LockRecipeTests()
    {
        _ground = new FaultyGround(_engine);
        _recipe = new LockRecipe(_ground, _leases, SystemSources.Create());
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lock_WhoseAnswerIsLostAfterTheFact_IsFoundAgain()
    {
        _ground.Script.Enqueue(Answer.LostAfter);

        var lease = await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.Equal(lease!.Path, "/l/" + Assert.Single(await _engine.ListAsync("/l", Ct)));
        Assert.Equal(1, _ground.Commits);
    }

    /// <summary>While there is no connection a watch shows the tree as it was: an entry that was made in the last moment would be made twice.</summary>
    [Fact]
    public async Task Lock_WhoseAnswerIsLostWithTheConnection_IsLookedForInTheStoreItself()
    {
        _ground.Script.Enqueue(Answer.LostAfter);
        _ground.AfterCommit = _ => _ground.Frozen = [];

        await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.Single(await _engine.ListAsync("/l", Ct));
        Assert.Equal(1, _ground.Commits);
    }

    [Fact]
    public async Task Lock_WhoseRequestIsLost_IsAskedForAgain()
    {
        _ground.Script.Enqueue(Answer.LostBefore);

        await using var lease = await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.Single(await _engine.ListAsync("/l", Ct));
        Assert.Equal(2, _ground.Commits);
    }

    [Fact]
    public async Task Lock_TakenWithoutContenders_CostsOneCommitAndNoLook()
    {
        _ground.LooksFirst = false;

        await using var lease = await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.NotNull(lease);
        Assert.Equal((1, 0), (_ground.Commits, _ground.Lists));
    }

    [Fact]
    public async Task Lock_OfAStoreThatDoesNotLookFirst_LeavesNoContenderBehind()
    {
        _ground.LooksFirst = false;
        await _engine.CommitAsync([new Write.Create("/l/0123__lock__", default, CreateModes.Sequential)], Ct);

        Assert.Null(await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct));

        Assert.Equal(["0123__lock__0000000000"], await _engine.ListAsync("/l", Ct));
    }

    [Fact]
    public async Task Lock_OfAStoreThatFails_FailsWithItsFault()
    {
        _ground.Script.Enqueue(Answer.NoSpace);

        var fault = await Assert.ThrowsAsync<StateException>(async () => await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct));

        Assert.Equal(StateFault.NoSpace, fault.Fault);
        await using var lease = await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct);
        Assert.NotNull(lease);
    }

    [Theory]
    [InlineData(Answer.NoSpace)]
    [InlineData(Answer.LostBefore)]
    [InlineData(Answer.LostAfter)]
    public async Task Release_ThatFails_IsDoneLater(Answer answer)
    {
        var lease = await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct);
        _ground.Script.Enqueue(answer);

        await lease!.DisposeAsync();
        Assert.True(lease.Lost.IsCancellationRequested);
        await _recipe.SettleAsync();
        await _recipe.SettleAsync();

        Assert.Empty(await _engine.ListAsync("/l", Ct));
    }

    [Fact]
    public async Task Lease_WhoseRemovalIsReportedBeforeItsCreation_IsNotGiven()
    {
        _ground.AfterCommit = path => _leases.Removed(path);

        Assert.Null(await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct));
    }

    [Fact]
    public async Task Leases_AfterEventsWereLost_AreLostIfTheirEntryIsGone()
    {
        var kept = await _recipe.TryLockAsync("/l/1", LockOptions.Immediate, Ct);
        var gone = await _recipe.TryLockAsync("/l/2", LockOptions.Immediate, Ct);

        _leases.Resync(path => path == kept!.Path);

        Assert.False(kept!.Lost.IsCancellationRequested);
        Assert.True(gone!.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Lock_BeingTakenWhenEventsWereLost_IsLookedAtOnceMore()
    {
        _ground.LooksFirst = false;
        _ground.AfterCommit = _ => _leases.Resync(_ => true);

        await using var lease = await _recipe.TryLockAsync("/l", LockOptions.Immediate, Ct);

        Assert.NotNull(lease);
        Assert.Equal(1, _ground.Lists);
    }

    [Theory]
    [InlineData("0123__lock__0000000000", true)]
    [InlineData("__lock__0000000007", true)]
    [InlineData("dashed-uuid-__lock__2147483647", true)]
    [InlineData("0123__lock__-2147483648", true)]
    [InlineData("0123__lock__--147483648", false)]
    [InlineData("0123__lock__00000000", false)]
    [InlineData("0123__rlock__0000000000", false)]
    [InlineData("0123__lock__000000000x", false)]
    [InlineData("lock-0000000000", false)]
    [InlineData("0000000000", false)]
    [InlineData("", false)]
    public void ContenderName_OfAnyName_IsToldFromOthers(string name, bool isContender) =>
        Assert.Equal(isContender, ContenderName.IsContender(name));

    [Fact]
    public void ContenderName_WithANumberBelowZero_ComesBeforeOthersAsForKazoo()
    {
        Assert.True(ContenderName.Precedes("b__lock__-2147483648", "a__lock__2147483647"));
        Assert.Equal("a__lock__", ContenderName.PrefixOf("a__lock__-2147483648"));
        Assert.Equal("-2147483648", ContenderName.SequenceOf("a__lock__-2147483648"));
    }

    public enum Answer
    {
        LostBefore,
        LostAfter,
        NoSpace,
    }

    private sealed class FaultyGround(MemoryEngine engine) : ILockGround
    {
        private readonly ILockGround _inner = engine;

        public Queue<Answer> Script { get; } = new();

        public Action<string>? AfterCommit { get; set; }

        /// <summary>What a watch that hears of nothing shows; null for what is there.</summary>
        public string[]? Frozen { get; set; }

        public int Commits { get; private set; }

        public int Lists { get; private set; }

        public bool LooksFirst { get; set; } = true;

        public CancellationToken SessionEnded => _inner.SessionEnded;

        public ValueTask FollowAsync(string directory, CancellationToken ct) => default;

        public ValueTask<(long Position, IReadOnlyList<string> Names)> ListAtAsync(string directory, CancellationToken ct)
        {
            Lists++;
            return Frozen is { } frozen && directory == "/l" ? new((0, frozen)) : _inner.ListAtAsync(directory, ct);
        }

        public ValueTask<(long Position, IReadOnlyList<string> Names)> ReadAtAsync(string directory, CancellationToken ct)
        {
            Lists++;
            return _inner.ListAtAsync(directory, ct);
        }

        public ValueTask<bool> DropDeadAsync(string directory, CancellationToken ct) => new(false);

        public async ValueTask<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken ct)
        {
            Commits++;
            Answer? answer = Script.TryDequeue(out var scripted) ? scripted : null;
            if (answer is Answer.LostBefore or Answer.NoSpace)
            {
                throw Fault(answer.Value);
            }

            var result = await _inner.CommitAsync(writes, ct);
            result.Created.ToList().ForEach(path => AfterCommit?.Invoke(path));
            return answer is { } after ? throw Fault(after) : result;
        }

        public async IAsyncEnumerable<ChangeBatch> WatchForReleaseAsync(string directory, [EnumeratorCancellation] CancellationToken ct)
        {
            await foreach (var batch in _inner.WatchForReleaseAsync(directory, ct))
            {
                yield return batch;
            }
        }

        private static StateException Fault(Answer answer) =>
            new(answer == Answer.NoSpace ? StateFault.NoSpace : StateFault.OutcomeUnknown, "/l", "scripted");
    }
}
