using System.Text.RegularExpressions;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.EventPipe;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Nodepool.Integration.Cli;
using Nodepool.Integration.Roles;

namespace Nodepool.Integration.Diagnostics;

/// <summary>SIGUSR2 of a real launcher that works.</summary>
public sealed partial class DiagnosticSignalTests : IDisposable
{
    private const int User2 = 12;
    private const int Terminate = 15;

    private readonly RoleBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public async Task Twice_WritesStacksAndAProfile_AndTheLauncherServesOn()
    {
        await using var launcher = await _bed.LauncherAsync();

        launcher.Signal(User2);
        var log = await launcher.SaysAsync("SIGUSR2: a CPU profile has begun");
        Assert.Contains("(state follower), managed", log, StringComparison.Ordinal);
        Assert.Contains("    at Nodepool.State.Sqlite.SqliteWriter.Loop()", log, StringComparison.Ordinal);
        Assert.Contains("    in Nodepool.Core.Reconciling.RoleFrame.RunAsync, await", log, StringComparison.Ordinal);
        Assert.Contains("    in Nodepool.Roles.RoleHost.RunSessionAsync, await", log, StringComparison.Ordinal);

        var (status, _, error) = await NodepoolProcess.RunAsync("-c", _bed.Config, "request", "debian", "--wait");
        Assert.True(status == 0, error);
        launcher.Signal(User2);
        var file = Profile().Match(await launcher.SaysAsync("CPU profile: ")).Groups[1].Value;

        Assert.StartsWith(_bed.File("profiles/nodepool-"), file, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        AssertIsProfile(file);
        launcher.Signal(Terminate);
        Assert.Equal(0, await launcher.EndAsync());
    }

    [Fact]
    public async Task Burst_OfSignals_HarmsNothing()
    {
        await using var launcher = await _bed.LauncherAsync();

        for (var i = 0; i < 20; i++)
        {
            launcher.Signal(User2);
        }

        // A signal that is pending already is not counted: all twenty may have been one.
        await launcher.SaysAsync("a CPU profile has begun");
        launcher.Signal(User2);
        await launcher.SaysAsync("CPU profile: ");
        Assert.Equal(0, (await NodepoolProcess.RunAsync("-c", _bed.Config, "request", "debian", "--wait")).Status);
        launcher.Signal(Terminate);
        Assert.Equal(0, await launcher.EndAsync());
    }

    /// <summary>Reads it as the viewers do: samples of threads, and names of our methods.</summary>
    private static void AssertIsProfile(string file)
    {
        var (samples, names) = (0, new HashSet<string>());
        using var source = new EventPipeEventSource(file);
        new SampleProfilerTraceEventParser(source).ThreadSample += _ => samples++;
        new ClrRundownTraceEventParser(source).MethodDCStopVerbose += method => names.Add(method.MethodNamespace);
        Assert.True(source.Process());
        Assert.True(samples > 0, "no samples");
        Assert.Contains("Nodepool.Core.Launching.Pools.PoolPlanner", names);
    }

    [GeneratedRegex("CPU profile: (.*[.]nettrace)")]
    private static partial Regex Profile();
}
