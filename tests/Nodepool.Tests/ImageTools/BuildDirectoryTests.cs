using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.ImageTools;

namespace Nodepool.Tests.ImageTools;

/// <summary>What lies in images-dir and in build-log-dir.</summary>
public sealed class BuildDirectoryTests : IDisposable
{
    private static readonly Sources Sources = SystemSources.Create();

    private readonly string _root = Directory.CreateTempSubdirectory("nodepool-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Kept_Record_IsFoundWhileAllItsFilesAreThere()
    {
        var files = new DiskBuildFiles(_root, Sources);
        var id = Sources.Ids.NewId();
        var record = new ImageBuildRecord { State = ImageState.Ready, StateTime = 5, Formats = ["qcow2", "raw"], Run = new BuildRunRecord { RequestMs = 7 } };
        Assert.Null(files.Kept.Find("debian", id));

        File.WriteAllText(files.OutputPath("debian", id) + ".raw", "");
        await files.Kept.KeepAsync("debian", id, record, TestContext.Current.CancellationToken);
        Assert.Null(files.Kept.Find("debian", id));

        File.WriteAllText(files.OutputPath("debian", id) + ".qcow2", "");
        Assert.Equal(record, files.Kept.Find("debian", id));
        Assert.Equal([("debian", id)], files.List().Select(trace => (trace.Image, trace.Build)));

        await files.RemoveAsync("debian", id, null, TestContext.Current.CancellationToken);
        Assert.Empty(files.List());
    }

    [Fact]
    public async Task Kept_RecordThatIsCutOff_IsNone()
    {
        var files = new DiskBuildFiles(_root, Sources);
        await files.Kept.KeepAsync("debian", "1", new ImageBuildRecord { State = ImageState.Ready, StateTime = 5 }, TestContext.Current.CancellationToken);
        File.WriteAllText(files.OutputPath("debian", "1") + ".build", "{\"state\":");

        Assert.Null(files.Kept.Find("debian", "1"));
    }

    [Fact]
    public void BuilderId_OfADirectory_StaysTheSame_AndAnEmptyFileIsReplaced()
    {
        File.WriteAllText(Path.Combine(_root, "builder_id.txt"), "");

        var id = new DiskBuildFiles(_root, Sources).BuilderId;

        Assert.Equal(32, id.Length);
        Assert.Equal(id, new DiskBuildFiles(_root, Sources).BuilderId);
        Assert.Equal(["builder_id.txt"], Directory.GetFiles(_root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(0, 1)]
    [InlineData(-1, 5)]
    public void Logs_OfAnImage_AreKeptAsManyAsConfigured_OthersUntouched(int retention, int expected)
    {
        var logs = new DiskBuildLogs();
        var config = new NodepoolConfig { BuildLogDir = Path.Combine(_root, "log"), BuildLogRetention = retention };
        File.WriteAllText(logs.New(config, "fedora-35", Sources.Ids.NewId()), "");
        for (var n = 0; n < 5; n++)
        {
            File.WriteAllText(logs.New(config, "fedora", Sources.Ids.NewId()), "");
        }

        var names = Directory.GetFiles(config.BuildLogDir).Select(path => Path.GetFileName(path)!).ToArray();
        Assert.Equal((expected, 1), (names.Count(name => !name.StartsWith("fedora-35-", StringComparison.Ordinal)), names.Count(name => name.StartsWith("fedora-35-", StringComparison.Ordinal))));
    }

    [Fact]
    public void Logs_DirectoryThatCannotBeMade_IsTheFailureOfTheBuild()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");

        var fault = Assert.Throws<ImageBuildException>(() => new DiskBuildLogs().New(new NodepoolConfig { BuildLogDir = Path.Combine(_root, "file", "log") }, "debian", "1"));

        Assert.StartsWith($"build-log-dir {_root}/file/log cannot be used: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tail_OfALongLog_IsItsLastWholeLines()
    {
        var path = Path.Combine(_root, "x.log");
        File.WriteAllLines(path, [.. Enumerable.Range(1, 2000).Select(n => $"line {n}"), "", "the end"]);

        Assert.Equal("line 1999\nline 2000\nthe end", new DiskBuildLogs().Tail(path, 3));
        File.WriteAllText(path, new string('x', 9000));
        Assert.Equal("", new DiskBuildLogs().Tail(path, 3));
        Assert.Equal("", new DiskBuildLogs().Tail(path + ".none", 3));
    }
}
