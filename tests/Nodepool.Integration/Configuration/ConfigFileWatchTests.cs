using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Configuration;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Integration.Configuration;

/// <summary>Every way in which configuration files are changed in practice, on a real file system.</summary>
public sealed class ConfigFileWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("nodepool-watch-");

    public ConfigFileWatchTests() => Directory.CreateDirectory(Conf);

    /// <summary>A clock that stands still: whatever is seen with it was seen because the file system said so.</summary>
    private static FakeTimeProvider EventsOnly => new();

    private string Conf => Path.Combine(_root.FullName, "etc", "conf");

    private string FilePath => Path.Combine(Conf, "nodepool.yaml");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public Task WrittenInPlace_IsSeen() => SeesAllAsync(port => Write(FilePath, port));

    [Fact]
    public Task RenamedOver_IsSeen() => SeesAllAsync(port =>
    {
        Write(FilePath + ".new", port);
        File.Move(FilePath + ".new", FilePath, overwrite: true);
    });

    [Fact]
    public Task EditorWithBackupAndSwapFiles_IsSeen() => SeesAllAsync(port =>
    {
        Write(Path.Combine(Conf, ".nodepool.yaml.swp"), 1);
        File.Move(FilePath, FilePath + "~", overwrite: true);
        Write(FilePath, port);
        File.Delete(Path.Combine(Conf, ".nodepool.yaml.swp"));
    });

    [Fact]
    public Task RemovedAndWrittenAgain_IsSeen() => SeesAllAsync(port =>
    {
        File.Delete(FilePath);
        Write(FilePath, port);
    });

    [Fact]
    public Task DirectoryReplaced_IsSeen() => SeesAllAsync(port =>
    {
        var next = Directory.CreateDirectory(Conf + ".new").FullName;
        Write(Path.Combine(next, "nodepool.yaml"), port);
        Directory.Move(Conf, $"{Conf}.old{port}");
        Directory.Move(next, Conf);
    });

    [Fact]
    public async Task DataLinkSwapped_AsKubernetesMountsDo_IsSeen()
    {
        Mount(8001);
        File.CreateSymbolicLink(FilePath, "..data/nodepool.yaml");
        await SeesAllAsync(Mount, isThere: true);

        void Mount(int port)
        {
            Write(Path.Combine(Directory.CreateDirectory(Path.Combine(Conf, $"..v{port}")).FullName, "nodepool.yaml"), port);
            Link(Path.Combine(Conf, "..data"), $"..v{port}");
        }
    }

    [Fact]
    public async Task LinkToAnotherDirectory_IsFollowedWhenItIsChangedAndInItsNewTarget()
    {
        var targets = new[] { Target("a"), Target("b"), Target("c") };
        Write(targets[0], 8001);
        File.CreateSymbolicLink(FilePath, targets[0]);
        var turn = 0;
        await SeesAllAsync(port =>
        {
            if (turn++ % 2 == 0)
            {
                Write(targets[(turn + 1) / 2], port);
                Link(FilePath, targets[(turn + 1) / 2]);
            }
            else
            {
                Write(targets[turn / 2], port);
            }
        }, isThere: true);

        string Target(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(_root.FullName, name)).FullName, "real.yaml");
    }

    [Fact]
    public async Task DirectoryIsALinkThatIsSwapped_IsSeen()
    {
        Directory.Delete(Conf);
        Release(8001);
        await SeesAllAsync(Release, isThere: true);

        void Release(int port)
        {
            Write(Path.Combine(Directory.CreateDirectory(Path.Combine(_root.FullName, $"r{port}")).FullName, "nodepool.yaml"), port);
            Link(Conf, Path.Combine(_root.FullName, $"r{port}"));
        }
    }

    [Fact]
    public async Task SecureFileChanges_IsSeen()
    {
        var secure = Path.Combine(Directory.CreateDirectory(Path.Combine(_root.FullName, "secret")).FullName, "secure.yaml");
        File.WriteAllText(FilePath, "diskimages: [{name: debian, formats: [raw]}]\n");
        File.WriteAllText(secure, "");
        var source = Open(secure);
        await using var watch = ConfigFileWatch.Start(source, EventsOnly, NullLogger.Instance);

        var snapshot = await NextAsync(source, () => File.WriteAllText(secure, "diskimages: [{name: debian, env-vars: {KEY: new}}]\n"));

        Assert.Equal("new", snapshot.Config.DiskImages[0].EnvVars["KEY"]);
    }

    [Fact]
    public async Task ChangeThatNothingAnnounces_IsFoundByLookingAndWatchedFromThenOn()
    {
        Write(FilePath, 8001);
        var source = Open();
        await using var watch = ConfigFileWatch.Start(source, TimeProvider.System, NullLogger.Instance);

        // Nobody watches so far up.
        var etc = Path.GetDirectoryName(Conf)!;
        var found = await NextAsync(source, () =>
        {
            Write(Path.Combine(Directory.CreateDirectory(etc + ".new/conf").FullName, "nodepool.yaml"), 8002);
            Directory.Move(etc, etc + ".old");
            Directory.Move(etc + ".new", etc);
        });

        Assert.Equal(8002, found.Config.Webapp.Port);
        Assert.Equal(8003, (await NextAsync(source, () => Write(FilePath, 8003))).Config.Webapp.Port);
    }

    [Fact]
    public async Task Look_WithoutAnyEvent_SeesWhatChanged()
    {
        Write(FilePath, 8001);
        var source = Open();
        await using var watch = ConfigFileWatch.Start(source, EventsOnly, NullLogger.Instance);
        var etc = Path.GetDirectoryName(Conf)!;
        var found = await NextAsync(source, () =>
        {
            Write(Path.Combine(Directory.CreateDirectory(etc + ".new/conf").FullName, "nodepool.yaml"), 8002);
            Directory.Move(etc, etc + ".old");
            Directory.Move(etc + ".new", etc);
            watch.Look();
        });

        Assert.Equal(8002, found.Config.Webapp.Port);
    }

    [Fact]
    public async Task Dispose_WhileFilesChange_EndsTheWatch()
    {
        Write(FilePath, 8001);
        var watch = ConfigFileWatch.Start(Open(), TimeProvider.System, NullLogger.Instance);
        Write(FilePath, 8002);

        await watch.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        watch.Look();
    }

    /// <summary>Changes the file several times: the watch must hold on to it after each.</summary>
    private async Task SeesAllAsync(Action<int> change, bool isThere = false)
    {
        if (!isThere)
        {
            Write(FilePath, 8001);
        }

        var source = Open();
        await using var watch = ConfigFileWatch.Start(source, EventsOnly, NullLogger.Instance);
        for (var port = 8002; port <= 8004; port++)
        {
            var snapshot = await NextAsync(source, () => change(port));
            Assert.Equal(port, snapshot.Config.Webapp.Port);
        }
    }

    private static async Task<ConfigSnapshot> NextAsync(ConfigFileSource source, Action change)
    {
        var waiting = source.NextAsync(source.Current.Revision, TestContext.Current.CancellationToken);
        change();
        return await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private ConfigFileSource Open(string? secure = null)
    {
        var source = ConfigFileSource.Open(new ConfigFiles(FilePath, secure, new NodepoolConfigReader([], _ => null)), TimeProvider.System, NullLogger.Instance, out var result);
        Assert.True(source is not null, string.Join('\n', result.Problems));
        return source;
    }

    private static void Write(string path, int port) => File.WriteAllText(path, $"webapp: {{port: {port}}}\n");

    /// <summary>Exchanges a link in one step.</summary>
    private static void Link(string path, string target)
    {
        File.CreateSymbolicLink(path + ".tmp", target);
        using var move = Process.Start("mv", ["-T", path + ".tmp", path]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
    }
}
