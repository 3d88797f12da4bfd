using Nodepool.Core.Model;
using Nodepool.Core.Model.Transitions;

namespace Nodepool.Tests.Model;

/// <summary>The tables are walked completely: every pair of states is either a known move with its owners or forbidden.</summary>
public sealed class TransitionTableTests
{
    [Fact]
    public void NodeTable_EveryPair_IsAsDocumented()
    {
        var expected = """
            Init>Building:Launcher Init>Deleting:Cleanup
            Building>Ready:Launcher Building>Failed:Launcher Building>Aborted:Launcher Building>Deleting:Launcher,Operator
            Testing>Deleting:Launcher,Operator
            Ready>InUse:Launcher,Client Ready>Hold:Operator Ready>Deleting:Launcher,Cleanup,Operator
            InUse>Used:Launcher,Client,Operator InUse>Hold:Client,Operator InUse>Deleting:Launcher
            Used>Deleting:Launcher,Operator
            Hold>Used:Client,Operator Hold>Deleting:Cleanup,Operator
            Deleting>Deleted:Launcher,Operator Deleted>Deleting:Launcher
            Failed>Deleting:Launcher,Operator Aborted>Deleting:Launcher,Operator
            """;
        AssertTable(NodeTransitions.Table, expected);
    }

    [Fact]
    public void RequestTable_EveryPair_IsAsDocumented() => AssertTable(
        RequestTransitions.Table,
        "Requested>Pending:Launcher Requested>Fulfilled:Launcher Requested>Failed:Launcher Pending>Fulfilled:Launcher Pending>Requested:Launcher,Cleanup Pending>Failed:Launcher");

    [Fact]
    public void BuildTable_EveryPair_IsAsDocumented() => AssertTable(
        ImageTransitions.Builds, "Building>Ready:Builder Building>Failed:Cleanup,Builder Ready>Deleting:Cleanup,Operator Failed>Deleting:Cleanup,Operator");

    [Fact]
    public void UploadTable_EveryPair_IsAsDocumented() => AssertTable(
        ImageTransitions.Uploads,
        "Uploading>Ready:Builder Uploading>Failed:Builder Uploading>Deleting:Cleanup Ready>Deleting:Cleanup,Operator Failed>Deleting:Cleanup,Operator");

    [Fact]
    public void NodeTable_EveryState_CanEnd()
    {
        foreach (var state in Enum.GetValues<NodeState>().Where(state => state is not (NodeState.InUse or NodeState.Deleted)))
        {
            Assert.True(Reaches(state, NodeState.Deleted, []), state.ToString());
        }
    }

    [Fact]
    public void Demand_ForbiddenMove_Throws() =>
        Assert.Contains(
            "Client may not move NodeState from Ready to Hold",
            Assert.Throws<InvalidOperationException>(() => NodeTransitions.Table.Demand(NodeState.Ready, NodeState.Hold, Actors.Client)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Words_EveryState_ReadsBack()
    {
        Assert.All(Enum.GetValues<NodeState>(), state => Assert.Equal(state, Words.NodeState(state.Word())));
        Assert.All(Enum.GetValues<RequestState>(), state => Assert.Equal(state, Words.RequestState(state.Word())));
        Assert.All(Enum.GetValues<ImageState>(), state => Assert.Equal(state, Words.ImageState(state.Word())));
    }

    private static bool Reaches(NodeState from, NodeState to, HashSet<NodeState> seen) =>
        from == to || (seen.Add(from) && Enum.GetValues<NodeState>().Any(next => NodeTransitions.Table.Owners(from, next) != Actors.None && Reaches(next, to, seen)));

    private static void AssertTable<TState>(TransitionTable<TState> table, string expected)
        where TState : struct, Enum
    {
        var known = expected.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            move => move.Split(':')[0], move => move.Split(':')[1].Split(',').Order().ToArray());
        foreach (var from in Enum.GetValues<TState>())
        {
            foreach (var to in Enum.GetValues<TState>())
            {
                var owners = Enum.GetValues<Actors>().Where(actor => actor != Actors.None && table.Allows(from, to, actor)).Select(actor => actor.ToString()).Order();
                Assert.Equal(known.GetValueOrDefault($"{from}>{to}") ?? [], owners);
            }
        }
    }
}
