using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;

namespace Nodepool.Tests.Launching;

/// <summary>A launcher that is told of the ends of jobs.</summary>
public sealed class JobListenerTests
{
    private const string Endpoint = "tcp://ci.example:8888";

    private readonly ReloadBed _bed = new(new NodepoolConfig { JobEvents = new JobEventsConfig { Publishers = [Endpoint] } });
    private readonly Messages _messages = new();

    public JobListenerTests()
    {
        _bed.JobEvents = _messages;
        _bed.StartLauncher();
        _bed.Do(() => new JobActions(_bed.Engine).CreateAsync("unit", 1, CancellationToken.None).AsTask());
        _bed.Until(() => _messages.Listening.Count > 0, "it listens");
    }

    [Fact]
    public void Job_ThatFailed_ItsNodeIsHeldAsOftenAsIsWanted()
    {
        Use("0000000041");
        Use("0000000042");
        Tell("onFinalized {\"name\": \"unit\", \"build\": {\"node_name\": \"small-cloud-41\", \"status\": \"FAILURE\"}}");
        _bed.Until(() => State("0000000041") == NodeState.Hold, "it is held");
        Tell("onFinalized {\"name\": \"unit\", \"build\": {\"node_name\": \"small-cloud-42\", \"status\": \"FAILURE\"}}");
        _bed.Until(() => State("0000000042") == NodeState.Used, "one is enough");

        Assert.Equal("unit", _bed.Feed.Current.Nodes.ById["0000000041"].Record!.HoldJob);
        Assert.Equal([Endpoint], _messages.Listening);
    }

    [Fact]
    public void Nonsense_AndNodesOfOthers_ChangeNothingAndStopNothing()
    {
        Use("0000000041");
        _bed.Do(() => _bed.Engine.CommitAsync([new Write.Create(NodepoolPaths.Node("0000000042"), InUse.Write(), CreateModes.Persistent), new Write.Create(NodepoolPaths.NodeLock("0000000042") + "/0__lock__", "zuul"u8.ToArray(), CreateModes.Sequential)], CancellationToken.None).AsTask());
        Tell("nonsense");
        Tell("onFinalized {\"name\": \"unit\", \"build\": {\"node_name\": \"elsewhere\", \"status\": \"FAILURE\"}}");
        Tell("onFinalized {\"name\": \"unit\", \"build\": {\"node_name\": \"small-cloud-42\", \"status\": \"FAILURE\"}}");
        Tell("onFinalized {\"name\": \"unit\", \"build\": {\"node_name\": \"small-cloud-41\", \"status\": \"SUCCESS\"}}");

        _bed.Until(() => State("0000000041") == NodeState.Used, "what comes after is heard");
        Assert.Equal(NodeState.InUse, State("0000000042"));
    }

    [Fact]
    public void Publisher_ThatCannotBeListenedTo_IsTriedAgain()
    {
        _messages.End();

        _bed.Until(() => _messages.Listening.Count == 2, "it listens again");
    }

    [Fact]
    public void Publisher_TakenOutOfTheFile_IsLeft()
    {
        _bed.Configurations.Publish(new NodepoolConfig());

        _bed.Until(() => _messages.IsLeft, "nobody listens any more");
    }

    private static NodeRecord InUse => new() { State = NodeState.InUse, StateTime = 0, Provider = "cloud", Pool = "p", Type = ["small"] };

    private NodeState? State(string id) => _bed.Feed.Current.Nodes.ById.GetValueOrDefault(id)?.Record?.State;

    /// <summary>A node that was taken by the command line, whose lock outlives the command.</summary>
    private void Use(string id) => _bed.Do(() => _bed.Engine.CommitAsync(
        [
            new Write.Create(NodepoolPaths.Node(id), InUse.Write(), CreateModes.Persistent),
            LockContender.NewPersistent(NodepoolPaths.NodeLock(id), "x", new ClientIdentity("me", "here").Holder),
        ],
        CancellationToken.None).AsTask());

    private void Tell(string message) => _bed.Do(() =>
    {
        _messages.Tell(message);
        return Task.CompletedTask;
    });

    private sealed class Messages : IJobEvents
    {
        private Channel<string> _channel = Channel.CreateUnbounded<string>();

        public List<string> Listening { get; } = [];

        public bool IsLeft { get; private set; }

        public void Tell(string message) => Assert.True(_channel.Writer.TryWrite(message));

        public void End()
        {
            var old = _channel;
            _channel = Channel.CreateUnbounded<string>();
            old.Writer.Complete(new FormatException("gone"));
        }

        public async IAsyncEnumerable<string> ListenAsync(string endpoint, [EnumeratorCancellation] CancellationToken ct)
        {
            Listening.Add(endpoint);
            try
            {
                var reader = _channel.Reader;
                while (await reader.WaitToReadAsync(ct))
                {
                    while (reader.TryRead(out var message))
                    {
                        yield return message;
                    }
                }
            }
            finally
            {
                IsLeft = true;
            }
        }
    }
}
