using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Configuration;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Integration.Configuration;

public sealed class ConfigFileWatchTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-watch-");

    private string FilePath => Path.Combine(_directory.FullName, "nodepool.yaml");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Watch_FileWrittenOrReplaced_IsSeen()
    {
        var source = Open(8001);
        await using var watch = ConfigFileWatch.Start(source, TimeProvider.System, NullLogger.Instance);

        var written = await ChangeAsync(source, () => Write(FilePath, 8002));
        var replaced = await ChangeAsync(source, () =>
        {
            Write(FilePath + ".new", 8003);
            File.Move(FilePath + ".new", FilePath, overwrite: true);
        });

        Assert.Equal((8002, 8003), (written.Port, replaced.Port));
        TestContext.Current.SendDiagnosticMessage($"seen after {written.Took.TotalMilliseconds:0} and {replaced.Took.TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task Watch_LinkedFileChangesInAnotherDirectory_IsSeen()
    {
        var elsewhere = _directory.CreateSubdirectory("elsewhere");
        var target = Path.Combine(elsewhere.FullName, "real.yaml");
        Write(target, 8001);
        File.CreateSymbolicLink(FilePath, target);
        var source = ConfigFileSource.Open(Files, TimeProvider.System, NullLogger.Instance, out _)!;
        await using var watch = ConfigFileWatch.Start(source, TimeProvider.System, NullLogger.Instance);

        Assert.Equal(8002, (await ChangeAsync(source, () => Write(target, 8002))).Port);
    }

    [Fact]
    public async Task Dispose_WhileFilesChange_EndsTheWatch()
    {
        var source = Open(8001);
        var watch = ConfigFileWatch.Start(source, TimeProvider.System, NullLogger.Instance);
        Write(FilePath, 8002);

        await watch.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        watch.Look();
    }

    private ConfigFiles Files => new(FilePath, null, new NodepoolConfigReader([], _ => null));

    private ConfigFileSource Open(int port)
    {
        Write(FilePath, port);
        return ConfigFileSource.Open(Files, TimeProvider.System, NullLogger.Instance, out _)!;
    }

    private static void Write(string path, int port) => File.WriteAllText(path, $"webapp: {{port: {port}}}\n");

    private static async Task<(int Port, TimeSpan Took)> ChangeAsync(IConfigSource source, Action change)
    {
        var waiting = source.NextAsync(source.Current.Revision, TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        change();
        var snapshot = await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return (snapshot.Config.Webapp.Port, clock.Elapsed);
    }
}
