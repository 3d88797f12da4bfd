using System.Diagnostics;
using Nodepool.Core.Providers;
using Nodepool.Providers.Scanning;

namespace Nodepool.Integration.Providers;

public sealed class SshNodeScannerTests : IDisposable
{
    private readonly SshNodeScanner _scanner = new(TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _scanner.Dispose();

    [Fact]
    public async Task Scan_OfAServerWithAllKeys_ReadsThemInFixedOrder()
    {
        await using var sshd = await Sshd.StartAsync("rsa", "ecdsa", "ed25519");

        var keys = await _scanner.ScanAsync(Order(sshd.Port), Ct);

        Assert.Equal(sshd.Keys.Reverse(), keys);
        Assert.DoesNotContain("error:", sshd.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Failed", sshd.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task Scan_OfAServerWithOneKey_SkipsTheOtherTypes(string type)
    {
        await using var sshd = await Sshd.StartAsync(type);

        Assert.Equal(sshd.Keys, await _scanner.ScanAsync(Order(sshd.Port), Ct));
    }

    [Fact]
    public async Task Scan_ForTheBannerOnly_ReadsNoKeys()
    {
        await using var sshd = await Sshd.StartAsync("ed25519");

        Assert.Empty(await _scanner.ScanAsync(Order(sshd.Port) with { ReadKeys = false }, Ct));
    }

    [Fact]
    public async Task Scan_OfAServerThatComesLate_SeesItAtOnce()
    {
        var port = Sshd.FreePort();
        var scan = _scanner.ScanAsync(Order(port) with { ReadKeys = false }, Ct).AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Ct);
        Assert.False(scan.IsCompleted);
        using var late = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        late.Start();

        using var connection = await late.AcceptTcpClientAsync(Ct);
        await connection.GetStream().WriteAsync("SSH-2.0-late\r\n"u8.ToArray(), Ct);

        Assert.Empty(await scan);
    }

    [Fact]
    public async Task Scan_FromBannerToEnd_TakesATenthOfASecondAtMost()
    {
        var written = 0L;
        await using var listener = new ScriptedListener(async (stream, _, ct) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
            written = Stopwatch.GetTimestamp();
            await stream.WriteAsync("SSH-2.0-test\r\n"u8.ToArray(), ct);
            await stream.ReadExactlyAsync(new byte[8], ct);
        });
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            await _scanner.ScanAsync(Order(listener.Port) with { ReadKeys = false }, Ct);
            var took = Stopwatch.GetElapsedTime(written);
            best = took < best ? took : best;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"best of ten: {best.TotalMilliseconds:0.0} ms");
        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromSeconds(0.1));
    }

    [Fact]
    public async Task Scan_OfAPortWithoutListener_SaysRefused() =>
        Assert.Contains("connection refused", await FailureAsync(Sshd.FreePort()), StringComparison.Ordinal);

    [Fact]
    public async Task Scan_OfAListenerThatNeverSpeaks_SaysThatNoBannerCame()
    {
        await using var listener = new ScriptedListener((_, _, ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));

        Assert.Contains("no banner came", await FailureAsync(listener.Port, seconds: 3), StringComparison.Ordinal);
        Assert.InRange(listener.Connections, 3, 5);
    }

    [Fact]
    public async Task Scan_OfAForwarderThatAnswersLaterConnectionsOnly_IsOverSoon()
    {
        await using var listener = new ScriptedListener(async (stream, number, ct) =>
        {
            if (number < 2)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }

            await stream.WriteAsync("SSH-2.0-guest\r\n"u8.ToArray(), ct);
        });

        Assert.Empty(await _scanner.ScanAsync(Order(listener.Port) with { ReadKeys = false, Timeout = TimeSpan.FromSeconds(8) }, Ct));
    }

    [Fact]
    public async Task Scan_OfAServerThatIsSlowToSpeak_HearsIt()
    {
        await using var listener = new ScriptedListener(async (stream, _, ct) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, ct);
            await stream.WriteAsync("SSH-2.0-slow\r\n"u8.ToArray(), ct);
            await stream.ReadExactlyAsync(new byte[8], ct);
        });

        Assert.Empty(await _scanner.ScanAsync(Order(listener.Port) with { ReadKeys = false, Timeout = TimeSpan.FromSeconds(10) }, Ct));
    }

    [Fact]
    public async Task Scan_OfABannerBehindOtherLines_IsRecognised()
    {
        await using var listener = new ScriptedListener(async (stream, _, ct) =>
        {
            await stream.WriteAsync("Welcome\r\nSSH-"u8.ToArray(), ct);
            await stream.ReadExactlyAsync(new byte[8], ct);
        });

        Assert.Empty(await _scanner.ScanAsync(Order(listener.Port) with { ReadKeys = false }, Ct));
    }

    [Fact]
    public async Task Scan_OfAnotherProtocol_QuotesWhatItSaid()
    {
        await using var listener = new ScriptedListener(async (stream, _, ct) => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), ct));

        var message = await FailureAsync(listener.Port);

        Assert.Contains("something else than ssh answered ('HTTP/1.1 400 Bad Request')", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_OfAListenerThatHangsUp_SaysClosed()
    {
        await using var listener = new ScriptedListener((_, _, _) => Task.CompletedTask);

        Assert.Contains("connection closed without a banner", await FailureAsync(listener.Port), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_OfABannerWithoutKeyExchange_SaysThatNoKeyCame()
    {
        await using var listener = new ScriptedListener(async (stream, _, ct) => await stream.WriteAsync("SSH-2.0-half\r\n"u8.ToArray(), ct));

        Assert.Contains("ssh answers but gives no host key", await FailureAsync(listener.Port, seconds: 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_OfAnOpenPortWithoutSsh_IsEnoughWhereNoSshIsExpected()
    {
        await using var listener = new ScriptedListener((_, _, ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));

        Assert.Empty(await _scanner.ScanAsync(Order(listener.Port) with { IsSsh = false, ReadKeys = true }, Ct));
    }

    [Fact]
    public async Task Scan_OfAnUnknownName_SaysSo()
    {
        var error = await Assert.ThrowsAsync<NodeScanException>(
            () => _scanner.ScanAsync(Order(22) with { Host = "no-such-host.invalid", Timeout = TimeSpan.FromSeconds(1) }, Ct).AsTask());

        Assert.Contains("the name cannot be resolved", error.Message, StringComparison.Ordinal);
    }

    private static NodeScanOrder Order(int port) => new("127.0.0.1", port, IsSsh: true, ReadKeys: true, TimeSpan.FromSeconds(30));

    private async Task<string> FailureAsync(int port, double seconds = 1) => (await Assert.ThrowsAsync<NodeScanException>(
        () => _scanner.ScanAsync(Order(port) with { Timeout = TimeSpan.FromSeconds(seconds) }, Ct).AsTask())).Message;
}
