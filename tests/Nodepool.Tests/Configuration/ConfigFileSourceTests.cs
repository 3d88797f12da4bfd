using Microsoft.Extensions.Time.Testing;
using Nodepool.Configuration;
using Nodepool.Tests.Config;

namespace Nodepool.Tests.Configuration;

public sealed class ConfigFileSourceTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-config-");
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog _log = new();

    private string FilePath => Path.Combine(_directory.FullName, "nodepool.yaml");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Open_ValidFile_HasItsConfigAsRevisionOne()
    {
        var source = Open("images-dir: images\n");

        Assert.Equal(1, source.Current.Revision);
        Assert.Equal(Path.Combine(_directory.FullName, "images"), source.Current.Config.ImagesDir);
        Assert.Null(source.LastFailure);
    }

    [Fact]
    public void Open_InvalidFile_GivesTheProblemsAndNoSource()
    {
        File.WriteAllText(FilePath, "labels: 5\n");

        Assert.Null(ConfigFileSource.Open(new ConfigFiles(FilePath, null, ConfigSamples.Reader()), _time, _log, out var result));

        Assert.Equal($"{FilePath}:1:9: error: labels: a list of mappings ('- key: value' lines) expected, this is a single value", result.Problems[0].ToString());
    }

    [Fact]
    public void Load_MissingFile_SaysSoWithTheRemedy()
    {
        var problem = Assert.Single(new ConfigFiles(FilePath, null, ConfigSamples.Reader()).Load().Problems);

        Assert.Equal($"{FilePath}: error: there is no such file; name another one with -c", problem.ToString());
    }

    [Fact]
    public void Load_Directory_SaysSo()
    {
        var problem = Assert.Single(new ConfigFiles(_directory.FullName, null, ConfigSamples.Reader()).Load().Problems);

        Assert.EndsWith("error: this is a directory; name the file in it with -c", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EndlessFile_IsRefusedWithoutReadingItAll()
    {
        var problem = Assert.Single(new ConfigFiles("/dev/zero", null, ConfigSamples.Reader()).Load().Problems);

        Assert.Contains("that is no configuration", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in place")]
    [InlineData("renamed over")]
    [InlineData("same size and time")]
    public async Task CheckAsync_NewContent_ComesIntoForce(string way)
    {
        var source = Open("webapp: {port: 8001}\n");
        var waiting = source.NextAsync(1, TestContext.Current.CancellationToken);
        var written = File.GetLastWriteTimeUtc(FilePath);
        if (way == "renamed over")
        {
            File.WriteAllText(FilePath + ".new", "webapp: {port: 8002}\n");
            File.Move(FilePath + ".new", FilePath, overwrite: true);
        }
        else
        {
            File.WriteAllText(FilePath, "webapp: {port: 8002}\n");
        }

        if (way == "same size and time")
        {
            File.SetLastWriteTimeUtc(FilePath, written);
        }

        await CheckAsync(source);

        Assert.Equal(8002, (await waiting).Config.Webapp.Port);
        Assert.Contains("revision 2 is in force: settings ~", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_SwappedDirectoryLink_IsSeenLikeOnKubernetes()
    {
        foreach (var version in new[] { "1", "2" })
        {
            Directory.CreateDirectory(Path.Combine(_directory.FullName, "..v" + version));
            File.WriteAllText(Path.Combine(_directory.FullName, "..v" + version, "nodepool.yaml"), $"webapp: {{port: 800{version}}}\n");
        }

        Directory.CreateSymbolicLink(Path.Combine(_directory.FullName, "..data"), "..v1");
        File.CreateSymbolicLink(FilePath, "..data/nodepool.yaml");
        var source = Open(null);
        Assert.Equal(8001, source.Current.Config.Webapp.Port);

        Directory.Delete(Path.Combine(_directory.FullName, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_directory.FullName, "..data"), "..v2");
        await CheckAsync(source);

        Assert.Equal(8002, source.Current.Config.Webapp.Port);
    }

    [Fact]
    public async Task CheckAsync_HalfWrittenFile_WaitsUntilItIsWhole()
    {
        var source = Open("webapp: {port: 8001}\n");
        File.WriteAllText(FilePath, "webapp: {}\n");

        var check = Begin(source);
        File.WriteAllText(FilePath, "webapp: {port: 8002}\n");
        _time.Advance(ConfigFileSource.Settling);
        Assert.False(check.IsCompleted);
        await FinishAsync(check);

        Assert.Equal(2, source.Current.Revision);
        Assert.Equal(8002, source.Current.Config.Webapp.Port);
    }

    [Fact]
    public async Task CheckAsync_BadVersion_KeepsTheLastGoodAndIsLoggedOnce()
    {
        var source = Open("webapp: {port: 8001}\n");
        File.WriteAllText(FilePath, "webapp: {prot: 8002}\n");

        await CheckAsync(source);
        Assert.False(await source.CheckAsync(TestContext.Current.CancellationToken));

        Assert.Equal(1, source.Current.Revision);
        Assert.Equal(_time.GetUtcNow(), source.LastFailure!.Since);
        Assert.Contains("did you mean 'port'?", source.LastFailure.Result.Problems[0].Message, StringComparison.Ordinal);
        var line = Assert.Single(_log.Lines);
        Assert.StartsWith("Error: ", line, StringComparison.Ordinal);
        Assert.Contains("1:10: error: webapp.prot: unknown key 'prot' (did you mean 'port'?)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_GoodAgain_ForgetsTheFailure()
    {
        var source = Open("webapp: {port: 8001}\n");
        File.WriteAllText(FilePath, "webapp: [\n");
        await CheckAsync(source);
        Assert.NotNull(source.LastFailure);

        File.WriteAllText(FilePath, "# corrected\nwebapp: {port: 8001}\n");
        await CheckAsync(source);

        Assert.Null(source.LastFailure);
        Assert.Equal(1, source.Current.Revision);
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public async Task CheckAsync_FileAwayForAMoment_SaysNothing()
    {
        var source = Open("{}\n");
        File.Delete(FilePath);
        await CheckAsync(source);
        _time.Advance(TimeSpan.FromSeconds(1));
        await CheckAsync(source);

        File.WriteAllText(FilePath, "{}\n");
        Assert.False(await source.CheckAsync(TestContext.Current.CancellationToken));

        Assert.Empty(_log.Lines);
        Assert.Null(source.LastFailure);
    }

    [Fact]
    public async Task CheckAsync_FileGoneForGood_IsAFailureOnce()
    {
        var source = Open("{}\n");
        File.Delete(FilePath);
        await CheckAsync(source);
        _time.Advance(ConfigFileSource.Patience);
        await CheckAsync(source);
        Assert.False(await source.CheckAsync(TestContext.Current.CancellationToken));

        Assert.Contains("there is no such file", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.NotNull(source.LastFailure);
        Assert.Equal(1, source.Current.Revision);
    }

    [Fact]
    public async Task CheckAsync_StateDirChanges_StaysAndSaysSoOnce()
    {
        var source = Open("state-dir: /one\n");
        File.WriteAllText(FilePath, "state-dir: /two\nmax-hold-age: 5\n");
        await CheckAsync(source);
        File.WriteAllText(FilePath, "state-dir: /two\nmax-hold-age: 6\n");
        await CheckAsync(source);

        Assert.Equal(("/one", 6), (source.Current.Config.StateDir, source.Current.Config.MaxHoldAge.TotalSeconds));
        var line = Assert.Single(_log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Equal($"Warning: Configuration {FilePath}: state-dir /two counts when this process is started again; until then /one stays", line);
    }

    [Fact]
    public async Task CheckAsync_SecureFileChanges_TheSnapshotOfBothIsReplaced()
    {
        var secure = Path.Combine(_directory.FullName, "secure.yaml");
        File.WriteAllText(FilePath, "diskimages: [{name: debian, formats: [raw]}]\n");
        File.WriteAllText(secure, "diskimages: [{name: debian, env-vars: {KEY: one}}]\n");
        var source = ConfigFileSource.Open(new ConfigFiles(FilePath, secure, ConfigSamples.Reader()), _time, _log, out _)!;
        Assert.Equal("one", source.Current.Config.DiskImages[0].EnvVars["KEY"]);

        File.WriteAllText(secure, "diskimages: [{name: debian, env-vars: {KEY: two}}]\n");
        await CheckAsync(source);

        Assert.Equal("two", source.Current.Config.DiskImages[0].EnvVars["KEY"]);
        Assert.Equal($"Information: Configuration {FilePath} with {secure} changed, revision 2 is in force: diskimages ~debian", Assert.Single(_log.Lines));
    }

    [Fact]
    public void Open_SecureFileMissing_IsRefused()
    {
        File.WriteAllText(FilePath, "{}\n");

        Assert.Null(ConfigFileSource.Open(new ConfigFiles(FilePath, "/nowhere/secure.yaml", ConfigSamples.Reader()), _time, _log, out var result));

        Assert.Equal("/nowhere/secure.yaml: error: there is no such file; name another one with -s", Assert.Single(result.Problems).ToString());
    }

    private ConfigFileSource Open(string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(FilePath, text);
        }

        return ConfigFileSource.Open(new ConfigFiles(FilePath, null, ConfigSamples.Reader()), _time, _log, out _)!;
    }

    /// <summary>Checks a file that has changed; the clock moves while the source waits for it to settle.</summary>
    private Task CheckAsync(ConfigFileSource source) => FinishAsync(Begin(source));

    /// <summary>Begins a check whose continuations run inside <see cref="FakeTimeProvider.Advance"/> and nowhere else.</summary>
    private static Task Begin(ConfigFileSource source)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var check = source.CheckAsync(TestContext.Current.CancellationToken);
        SynchronizationContext.SetSynchronizationContext(context);
        return check;
    }

    private async Task FinishAsync(Task check)
    {
        Assert.False(check.IsCompleted);
        _time.Advance(ConfigFileSource.Settling);
        Assert.True(check.IsCompleted);
        await check;
    }
}
