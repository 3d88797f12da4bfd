using Nodepool.Core.Providers;
using Nodepool.Providers.Scanning;

namespace Nodepool.Tests.Providers.Scanning;

public sealed class SshNodeScannerTests
{
    private readonly ScriptedPort _port = new();
    private readonly Dictionary<string, Queue<HostKeyAnswer>> _keys = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scan_WithoutKeys_IsOverWithTheBanner()
    {
        using var scanner = Scanner();
        var scan = scanner.ScanAsync(ScriptedPort.Order, Ct).AsTask();

        _port.Answer(0, SightingKind.Answered);

        Assert.Empty(await scan);
    }

    [Fact]
    public async Task Scan_OfKeys_GivesThemInFixedOrderWithoutTheTypesThatLack()
    {
        Answers("ssh-rsa", new HostKeyAnswer("ssh-rsa R"));
        Answers("ssh-ed25519", new HostKeyAnswer("ssh-ed25519 E"));
        Answers("ecdsa-sha2-nistp256", new HostKeyAnswer(null, IsLacking: true));
        using var scanner = Scanner();
        var scan = scanner.ScanAsync(ScriptedPort.Order with { ReadKeys = true }, Ct).AsTask();

        _port.Answer(0, SightingKind.Answered);

        Assert.Equal(["ssh-ed25519 E", "ssh-rsa R"], await scan);
    }

    [Fact]
    public async Task Scan_OfAKeyWhoseExchangeFails_TriesThatTypeAgain()
    {
        Answers("ssh-rsa", new HostKeyAnswer("ssh-rsa R"));
        Answers("ssh-ed25519", new(null, Failure: "reset"), new(null, Failure: "reset"), new("ssh-ed25519 E"));
        Answers("ecdsa-sha2-nistp256", new HostKeyAnswer(null, IsLacking: true));
        using var scanner = Scanner();
        var scan = scanner.ScanAsync(ScriptedPort.Order with { ReadKeys = true }, Ct).AsTask();

        _port.Answer(0, SightingKind.Answered);
        for (var tries = 0; tries < 30 && !scan.IsCompleted; tries++)
        {
            _port.Pass(1000);
        }

        Assert.Empty(_keys["ssh-ed25519"]);
        Assert.Equal(["ssh-ed25519 E", "ssh-rsa R"], await scan);
    }

    [Theory]
    [InlineData(SightingKind.Refused, "connection refused: nothing listens there")]
    [InlineData(SightingKind.Closed, "connection closed without a banner")]
    [InlineData(SightingKind.NotSsh, "Correct the connection port or type")]
    [InlineData(SightingKind.Unreachable, "firewall or security group")]
    [InlineData(SightingKind.NameUnknown, "the name cannot be resolved")]
    public async Task Scan_ThatTimesOut_TellsWhatItSawLastAndTheRemedy(object kind, string expected)
    {
        using var scanner = Scanner();
        var scan = scanner.ScanAsync(ScriptedPort.Order with { Timeout = TimeSpan.FromSeconds(0.5) }, Ct).AsTask();

        _port.Answer(0, (SightingKind)kind);
        _port.Pass(500);

        var error = await Assert.ThrowsAsync<NodeScanException>(() => scan);
        Assert.StartsWith("node.example port 22 did not answer with ssh within 0.5 s; seen last: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_OfASilentPortThatTimesOut_SaysThatNoBannerCame()
    {
        using var scanner = Scanner();
        var scan = scanner.ScanAsync(ScriptedPort.Order, Ct).AsTask();

        _port.Pass(60_000);

        var error = await Assert.ThrowsAsync<NodeScanException>(() => scan);
        Assert.Contains("no banner came", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _port.Open);
    }

    [Fact]
    public async Task Scan_Cancelled_IsNoTimeout()
    {
        using var scanner = Scanner();
        using var cancellation = new CancellationTokenSource();
        var scan = scanner.ScanAsync(ScriptedPort.Order, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scan);
    }

    [Fact]
    public async Task Scans_BeyondTheLimit_WaitInTheirOrder()
    {
        using var scanner = Scanner(mostAtOnce: 2);
        var scans = Enumerable.Range(0, 6).Select(_ => scanner.ScanAsync(ScriptedPort.Order, Ct).AsTask()).ToList();

        for (var look = 0; look < 6; look++)
        {
            await _port.ReachAsync(Math.Min(look + 1, 5));
            Assert.Equal(Math.Min(look + 2, 6), _port.Looks);
            _port.Answer(look, SightingKind.Answered);
            Assert.Same(scans[look], await Task.WhenAny(scans[look..]));
        }
    }

    [Fact]
    public async Task Scan_ThatHadToWait_HasItsFullTimeFromItsTurn()
    {
        using var scanner = Scanner(mostAtOnce: 1);
        var first = scanner.ScanAsync(ScriptedPort.Order, Ct).AsTask();
        var second = scanner.ScanAsync(ScriptedPort.Order with { Timeout = TimeSpan.FromSeconds(0.5) }, Ct).AsTask();

        _port.Pass(600);
        _port.Answer(0, SightingKind.Answered);
        await first;
        await _port.ReachAsync(1);
        _port.Pass(400);
        _port.Answer(1, SightingKind.Answered);

        Assert.Empty(await second);
    }

    private void Answers(string type, params ReadOnlySpan<HostKeyAnswer> answers) => _keys[type] = new([.. answers]);

    private SshNodeScanner Scanner(int mostAtOnce = 100) =>
        new(_port.Time, mostAtOnce, _port.LookAsync, (_, type, _) => Task.FromResult(_keys[type.Name].Dequeue()));
}
