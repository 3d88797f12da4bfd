using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Nodepool.Integration.Peers;

/// <summary>A process with Debian's python3-kazoo (<c>peer.py</c>) that does what Zuul and a Python launcher do. It is killed at the latest when the test ends.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Peers", "peer.py");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(320);

    private readonly Process _process;

    private PeerProcess(string hosts, TimeSpan timeout) => _process = Process.Start(
        new ProcessStartInfo("/usr/bin/python3", [Script, hosts, timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts it; it is connected when this completes. The chroot must be there.</summary>
    public static async Task<PeerProcess> StartAsync(string hosts, TimeSpan timeout)
    {
        var peer = new PeerProcess(hosts, timeout);
        Assert.Equal("connected", (string?)await peer.HearAsync());
        return peer;
    }

    /// <summary>Gives an order and returns its answer.</summary>
    /// <exception cref="PeerException">kazoo, or Zuul's code, raised something.</exception>
    public async Task<JsonNode?> DoAsync(string order, params (string Name, JsonNode? Value)[] arguments)
    {
        var line = new JsonObject { ["do"] = order };
        foreach (var (name, value) in arguments)
        {
            line[name] = value;
        }

        await _process.StandardInput.WriteLineAsync(line.ToJsonString());
        return await HearAsync();
    }

    /// <summary>As <see cref="DoAsync(string, ValueTuple{string, JsonNode?}[])"/>, for answers that are a text.</summary>
    public async Task<string> TextAsync(string order, params (string Name, JsonNode? Value)[] arguments) => (string)(await DoAsync(order, arguments))!;

    /// <summary>Kills it (<c>SIGKILL</c>): its session ends when the server has waited long enough.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Ct);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<JsonNode?> HearAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Patience, Ct);
        Assert.True(line is not null, "the peer has ended");
        var answer = JsonNode.Parse(line)!.AsObject();
        return answer.TryGetPropertyValue("error", out var kind) ? throw new PeerException((string)kind!, (string)answer["text"]!) : answer["is"];
    }
}
