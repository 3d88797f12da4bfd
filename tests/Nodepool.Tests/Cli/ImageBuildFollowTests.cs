using System.Text;
using System.Text.Json.Nodes;
using Nodepool.Core.Model;

namespace Nodepool.Tests.Cli;

/// <summary><c>image-build --follow</c>.</summary>
public sealed class ImageBuildFollowTests : IDisposable
{
    private const string Log = "/var/log/nodepool/builds/debian-12-b1.log";

    private readonly TestCli _cli = new() { Yaml = TestCli.Config.Replace("    elements: [debian-minimal]\n  - name: idle", "    elements: [debian-minimal]\n    env-vars: {REG_PASSWORD: hunter22}\n  - name: idle", StringComparison.Ordinal) };

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Follow_OnAnotherHost_TellsPhasesUntilItIsReady()
    {
        var run = _cli.RunAsync("image-build debian-12 --follow");
        await SaysAsync("image debian-12 waits for a builder: none is running");
        Lock();
        Put(ImageState.Building, run => run with { Phases = [new BuildPhase("install.d", 0)] });
        await SaysAsync("image debian-12 is being built by b1.example: install.d");
        Put(ImageState.Ready, run => run with { Seconds = 153 });

        Assert.Equal(0, await run);
        Assert.Equal("image debian-12 is ready after 153 s: build b1\n", _cli.Out);
    }

    [Fact]
    public async Task Follow_WhereTheLogIs_PrintsWholeLinesWithoutSecrets()
    {
        var run = _cli.RunAsync("image-build debian-12 --follow");
        await SaysAsync("waits for a builder");
        _cli.Files[Log] = Encoding.UTF8.GetBytes("+ register hunter22\n\u001b[31mred\npart");
        Lock();
        Put(ImageState.Building, run => run);
        await PrintsAsync("+ register ***\n\\u001b[31mred\n");
        Assert.DoesNotContain("part", _cli.Out, StringComparison.Ordinal);

        _cli.Files[Log] = Encoding.UTF8.GetBytes("+ register hunter22\n\u001b[31mred\nparted\n");
        _cli.Store.Time.Advance(TimeSpan.FromSeconds(1));
        await PrintsAsync("parted\n");
        Put(ImageState.Ready, run => run with { Seconds = 2 });

        Assert.Equal(0, await run);
        Assert.Equal("+ register ***\n\\u001b[31mred\nparted\nimage debian-12 is ready after 2 s: build b1\n", _cli.Out);
    }

    [Fact]
    public async Task Follow_ABuildThatFails_SaysWhereAndWhy()
    {
        var run = _cli.RunAsync("image-build debian-12 --follow");
        await SaysAsync("waits for a builder");
        Put(ImageState.Failed, run => run with { FailedIn = "element vm, install.d/50-grub", LastLines = "no grub\n50-grub failed" });

        Assert.Equal(1, await run);
        Assert.Contains("nodepool: image debian-12 could not be built in element vm, install.d/50-grub: exit status 1; a builder tries again in ", _cli.Error, StringComparison.Ordinal);
        Assert.EndsWith(" s\nno grub\n50-grub failed\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_AsJson_HasTheReason()
    {
        var run = _cli.RunAsync("image-build debian-12 --follow -o json");
        await SaysAsync("waits for a builder");
        _cli.Files[Log] = "line\n"u8.ToArray();
        Put(ImageState.Failed, run => run with { FailedIn = "install.d" });

        Assert.Equal(1, await run);
        var answer = JsonNode.Parse(_cli.Out)!;
        Assert.Equal(("failed", "exit status 1", "install.d"), ((string)answer["state"]!, (string)answer["failure"]!, (string)answer["failed_in"]!));
    }

    [Fact]
    public async Task Follow_ABuildWhoseBuilderDied_WaitsForTheNext()
    {
        var run = _cli.RunAsync("image-build debian-12 --follow");
        await SaysAsync("waits for a builder");
        Put(ImageState.Building, run => run);
        await SaysAsync("waits for another attempt: the builder of the last one ended in the middle of it, and none is running");
        Put(ImageState.Failed, run => run with { IsInterrupted = true });
        Put(ImageState.Ready, run => run with { Started = TestStore.Now + 1, Seconds = 1 }, "b2");

        Assert.Equal(0, await run);
        Assert.EndsWith("build b2\n", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_Interrupted_LeavesTheRequest()
    {
        var run = _cli.RunAsync("image-build debian-12 --follow");
        await SaysAsync("waits for a builder");
        _cli.Stop.Raise();

        Assert.Equal(130, await run);
        Assert.NotNull(_cli.Store.Find(NodepoolPaths.BuildRequest("debian-12")));
        Assert.EndsWith("the request for image debian-12 stays: nodepool image-status -o wide shows how far it is\n", _cli.Error, StringComparison.Ordinal);
    }

    private void Lock() => _cli.Store.Put(NodepoolPaths.BuildsLock("debian-12") + "/0__lock__0000000000", ReadOnlyMemory<byte>.Empty);

    private void Put(ImageState state, Func<BuildRunRecord, BuildRunRecord> change, string id = "b1") => _cli.Store.Put("debian-12", id, new ImageBuildRecord
    {
        State = state,
        StateTime = TestStore.Now,
        Builder = "b1.example",
        Failure = state == ImageState.Failed ? "exit status 1" : null,
        Run = change(new BuildRunRecord { Started = TestStore.Now, RequestMs = _cli.Store.View().Image("debian-12").BuildRequestedMs }),
    });

    private Task SaysAsync(string text) => UntilAsync(() => _cli.Error, text);

    private Task PrintsAsync(string text) => UntilAsync(() => _cli.Out, text);

    private static async Task UntilAsync(Func<string> said, string text)
    {
        for (var turn = 0; !said().Contains(text, StringComparison.Ordinal); turn++)
        {
            Assert.True(turn < 100_000, $"never said: {text}\n{said()}");
            await Task.Yield();
        }
    }
}
