using Nodepool.Core.Images;
using Nodepool.ImageTools;

namespace Nodepool.Tests.ImageTools;

/// <summary>How often image files are read for their checksums.</summary>
public sealed class VerifiedFilesTests : IDisposable
{
    private static readonly ImageChecksums Sums = new("md5", "sha256");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-verified-");
    private readonly List<TaskCompletionSource<ImageChecksums>> _reads = [];
    private readonly TaskCompletionSource _readTwice = new();
    private readonly VerifiedFiles _files;
    private readonly string _path;

    public VerifiedFilesTests()
    {
        _path = Path.Combine(_directory.FullName, "image.raw");
        File.WriteAllText(_path, "content");
        _files = new VerifiedFiles((_, ct) =>
        {
            var read = new TaskCompletionSource<ImageChecksums>();
            ct.Register(() => read.TrySetCanceled(ct));
            _reads.Add(read);
            if (_reads.Count == 2)
            {
                _readTwice.SetResult();
            }

            return read.Task;
        });
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task AskedByManyAtOnce_IsReadOnce_AndNotAgainLater()
    {
        var asked = Enumerable.Range(0, 5).Select(_ => _files.VerifyAsync(_path, Ct).AsTask()).ToArray();

        Assert.Single(_reads).SetResult(Sums);

        Assert.All(await Task.WhenAll(asked), sums => Assert.Equal(Sums, sums));
        Assert.Equal(Sums, await _files.VerifyAsync(_path, Ct));
        Assert.Single(_reads);
    }

    [Fact]
    public async Task OneWhoIsStopped_LeavesTheReadingToTheOthers()
    {
        using var stop = new CancellationTokenSource();
        var first = _files.VerifyAsync(_path, stop.Token).AsTask();
        var second = _files.VerifyAsync(_path, Ct).AsTask();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await _readTwice.Task;
        _reads[1].SetResult(Sums);

        Assert.Equal(Sums, await second);
    }

    [Fact]
    public async Task AFileThatIsBad_IsBadForAll_AndLookedAtAnewTheNextTime()
    {
        var asked = Enumerable.Range(0, 3).Select(_ => _files.VerifyAsync(_path, Ct).AsTask()).ToArray();
        _reads[0].SetException(new ImageBuildException("has changed"));
        foreach (var one in asked)
        {
            Assert.Equal("has changed", (await Assert.ThrowsAsync<ImageBuildException>(() => one)).Message);
        }

        var second = _files.VerifyAsync(_path, Ct).AsTask();
        _reads[1].SetResult(Sums);

        Assert.Equal(Sums, await second);
    }

    [Fact]
    public async Task AFileThatHasChanged_OrWasRemoved_IsReadAgain()
    {
        var first = _files.VerifyAsync(_path, Ct).AsTask();
        _reads[0].SetResult(Sums);
        await first;

        await File.WriteAllTextAsync(_path, "other content", Ct);
        var second = _files.VerifyAsync(_path, Ct).AsTask();
        _reads[1].SetResult(Sums);
        await second;
        _files.Forget(_path);
        _ = _files.VerifyAsync(_path, Ct).AsTask();

        Assert.Equal(3, _reads.Count);
    }

    [Fact]
    public async Task AFileThatIsNotThere_IsSaidToBeSo()
    {
        File.Delete(_path);

        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<ImageBuildException>(async () => await _files.VerifyAsync(_path, Ct))).Message, StringComparison.Ordinal);
    }
}
