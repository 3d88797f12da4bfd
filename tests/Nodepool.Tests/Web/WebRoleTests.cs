using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.View;
using Nodepool.Logging;
using Nodepool.Metrics;
using Nodepool.Roles;
using Nodepool.Tests.Cli;
using Nodepool.Web;

namespace Nodepool.Tests.Web;

/// <summary>Where the web role listens through changes of the configuration; no socket is opened.</summary>
public sealed class WebRoleTests : IDisposable
{
    private readonly ConfigPublisher _configurations = new(At(8005));
    private readonly FakeTransport _transport = new();
    private readonly StringWriter _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly System.Diagnostics.Metrics.Meter _meter = new("web-role-tests");
    private readonly MetricCollector _metrics;
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly WebRole _role;

    public WebRoleTests()
    {
        var store = new TestStore();
        _loggers = new LogSettings(LogLevel.Information, false, false, false, false).Open(TextWriter.Synchronized(_log), store.Time);
        _metrics = new MetricCollector(_meter);
        _role = new WebRole(new ClusterFeed(store.Engine, store.Time), _configurations, "np.yaml", _metrics, store.Sources, _loggers, _transport);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _metrics.Dispose();
        _meter.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task NewAddress_ThatCannotBeUsed_LeavesItAtTheOldOneUntilAnotherIsNamed()
    {
        var running = _role.RunAsync(_stop.Token);
        Assert.Equal("bound 8005", await NextAsync());

        _transport.Used.Add(8006);
        _configurations.Publish(At(8006));
        Assert.Equal(["left 8005", "refused 8006", "bound 8005"], [await NextAsync(), await NextAsync(), await NextAsync()]);

        _configurations.Publish(At(8007));
        Assert.Equal(["left 8005", "bound 8007"], [await NextAsync(), await NextAsync()]);

        await _stop.CancelAsync();
        await running;
        Assert.Contains(
            "cannot listen on 127.0.0.1:8006: another program uses the port: end that program or set another webapp.port in np.yaml; the lists stay at 127.0.0.1:8005",
            _log.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstAddress_ThatCannotBeUsed_EndsTheRole()
    {
        _transport.Used.Add(8005);

        var failure = await Assert.ThrowsAsync<RoleStartException>(() => _role.RunAsync(_stop.Token));

        Assert.StartsWith("cannot listen on 127.0.0.1:8005: another program uses the port", failure.Message, StringComparison.Ordinal);
    }

    private static NodepoolConfig At(int port) => new() { Webapp = new WebappConfig { Port = port } };

    private ValueTask<string> NextAsync() => _transport.Happened.Reader.ReadAsync(_stop.Token);

    /// <summary>Listens at any port that is not used, and nobody calls.</summary>
    private sealed class FakeTransport : IConnectionListenerFactory
    {
        public HashSet<int> Used { get; } = [];

        public Channel<string> Happened { get; } = Channel.CreateUnbounded<string>();

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var address = (IPEndPoint)endpoint;
            var isUsed = Used.Contains(address.Port);
            Happened.Writer.TryWrite($"{(isUsed ? "refused" : "bound")} {address.Port}");
            return isUsed ? throw new AddressInUseException("in use") : new(new FakeListener(address, Happened.Writer));
        }
    }

    private sealed class FakeListener(IPEndPoint address, ChannelWriter<string> happened) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => address;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await _end.Task;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            if (_end.TrySetResult(null))
            {
                happened.TryWrite($"left {address.Port}");
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
