using System.Diagnostics;
using System.Globalization;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>A process with Debian's python3-kazoo. It is killed at the latest when the test ends.</summary>
internal sealed class KazooPeer : IDisposable
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "State", "ZooKeeper", "kazoo_peer.py");

    private readonly Process _process;

    private KazooPeer(string hosts, TimeSpan timeout)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Script, hosts, timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Starts it; it is connected when this completes.</summary>
    public static async Task<KazooPeer> StartAsync(string hosts, TimeSpan timeout)
    {
        var peer = new KazooPeer(hosts, timeout);
        Assert.Equal("connected", await peer.HearAsync());
        return peer;
    }

    /// <summary>Gives an order.</summary>
    /// <returns>The answer, when it comes.</returns>
    public async Task<string?> AskAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        return await HearAsync();
    }

    /// <summary>Kills it (<c>SIGKILL</c>).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private Task<string?> HearAsync() =>
        _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
