using Nodepool.Core.Images;
using Nodepool.Uploads;

namespace Nodepool.Integration.Uploads;

/// <summary>Operators' hooks as real programs.</summary>
public sealed class HookProgramTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nodepool-hook-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Hook_ThatAgrees_GetsProviderIdAndFile()
    {
        await RunAsync($"printf '%s|' \"$@\" > {_directory.FullName}/arguments");

        Assert.Equal("cloud|id 1|/images/i.raw|", await File.ReadAllTextAsync(Path.Combine(_directory.FullName, "arguments"), Ct));
    }

    [Fact]
    public async Task Hook_ThatRefuses_IsQuotedWithItsLastLine()
    {
        var refused = await Assert.ThrowsAsync<PostUploadException>(() => RunAsync("echo looking; echo 'no kernel in it' >&2; exit 3"));

        Assert.Equal($"post-upload-hook {Hook} refused it with status 3: no kernel in it", refused.Message);
    }

    [Fact]
    public async Task Hook_ThatDoesNotExist_SaysSo()
    {
        var refused = await Assert.ThrowsAsync<PostUploadException>(() => RunAsync(null));

        Assert.StartsWith($"post-upload-hook {Hook} cannot be run: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hook_OfADeadBuilder_IsEndedBeforeTheSameImageIsLookedAtAgain()
    {
        var pids = Path.Combine(_directory.FullName, "pids");
        var left = RunAsync($"echo $$ >> {pids}; sleep 300");
        while (!File.Exists(pids) || (await File.ReadAllTextAsync(pids, Ct)).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }

        await RunAsync(null, "id 2", "/bin/true");
        Assert.False(left.IsCompleted);
        await RunAsync(null, "id 1", "/bin/true");

        Assert.Contains("refused it with status 137", (await Assert.ThrowsAsync<PostUploadException>(() => left)).Message, StringComparison.Ordinal);
    }

    private string Hook => Path.Combine(_directory.FullName, "hook");

    private async Task RunAsync(string? script, string image = "id 1", string? program = null)
    {
        if (script is not null)
        {
            await File.WriteAllTextAsync(Hook, $"#!/bin/sh\n{script}\n", Ct);
            File.SetUnixFileMode(Hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await new HookProgram(TimeProvider.System).RunAsync(new PostUploadOrder(program ?? Hook, "cloud", image, "/images/i.raw"), Ct);
    }
}
