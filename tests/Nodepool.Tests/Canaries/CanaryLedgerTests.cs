using Nodepool.Core.Canaries;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.State.Memory;
using Nodepool.Testing;

namespace Nodepool.Tests.Canaries;

/// <summary>Which trial a result counts in.</summary>
public sealed class CanaryLedgerTests
{
    private static readonly string Candidate = NodepoolPaths.Upload("i", "b2", "p", "0000000000");
    private static readonly CanaryRecord Open = new() { Trusted = NodepoolPaths.Upload("i", "b1", "p", "0000000000"), Candidate = Candidate };

    private readonly IStateEngine _engine = new MemoryTree(TimeProvider.System).Open(SeededSources.Create(TimeProvider.System));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bold", 1, 0)]
    [InlineData("plain", 0, 1)]
    public async Task AResult_CountsInTheLabelsOwnTrial_ElseInThatOfAllOthers(string label, int own, int others)
    {
        await PutAsync(new CanaryScope("p", "bold"), Open);
        await PutAsync(new CanaryScope("p"), Open);

        await new CanaryLedger(_engine).JobAsync(Candidate, label, hasFailed: true, Ct);

        Assert.Equal((own, others), ((await ReadAsync(new CanaryScope("p", "bold"))).New.JobsFailed, (await ReadAsync(new CanaryScope("p"))).New.JobsFailed));
    }

    [Fact]
    public async Task AResult_AfterTheLabelsTrialHasEnded_CountsNowhere()
    {
        await PutAsync(new CanaryScope("p", "bold"), Open with { Verdict = CanaryVerdict.Promoted });
        await PutAsync(new CanaryScope("p"), Open);

        await new CanaryLedger(_engine).FailedAsync(Candidate, "bold", Ct);

        Assert.Equal(0, (await ReadAsync(new CanaryScope("p"))).New.Launches);
    }

    private async Task PutAsync(CanaryScope scope, CanaryRecord record) =>
        await _engine.CommitAsync([new Write.Create(NodepoolPaths.Canary("i", scope), record.Write(), CreateModes.Persistent)], Ct);

    private async Task<CanaryRecord> ReadAsync(CanaryScope scope) => CanaryRecord.Read((await _engine.GetAsync(NodepoolPaths.Canary("i", scope), Ct))!.Data.Span);
}
