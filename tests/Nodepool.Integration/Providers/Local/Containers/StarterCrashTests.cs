using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Collections;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Containers;

namespace Nodepool.Integration.Providers.Local.Containers;

/// <summary>A launcher killed while it starts a container: the next one finds the container, or nothing at all.</summary>
public sealed class StarterCrashTests(LocalImageFixture images, ITestOutputHelper output)
{
    private const string OrderVariable = "NODEPOOL_TEST_START";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The moments are files of the instance in the order in which they appear; "started" is written when the call has returned.
    [Theory]
    [InlineData("ready", false)]
    [InlineData("node/lower", false)]
    [InlineData("node/upper/etc/hostname", false)]
    [InlineData("node/init.sh", false)]
    [InlineData("node/cgroups", false)]
    [InlineData("node/console.log", false)]
    [InlineData("node/outer", true)]
    [InlineData("node/inner", true)]
    [InlineData("node/work/work", true)]
    [InlineData("started", true)]
    public async Task Kill9_AtMomentOfTheStart_IsAdoptedOrGoneAndNothingStays(string moment, bool stands)
    {
        await using var container = await TestContainer.PrepareAsync(await images.ImageAsync());
        var directory = container.Spec.Directory;
        var file = moment.StartsWith("node/", StringComparison.Ordinal) ? Path.Combine(directory, moment[5..]) : Path.Combine(Path.GetDirectoryName(directory)!, moment);
        using var starter = await SpawnAsync(container.Spec, file);
        starter.Kill();
        await starter.WaitForExitAsync(Ct);

        var adopted = container.Kind.Find(directory);
        output.WriteLine($"killed when {moment} was there: {(adopted is null ? "nothing runs" : "adopted")}");
        if (stands)
            Assert.NotNull(adopted);
        if (adopted is not null)
        {
            await container.Kind.WaitForSignAsync(container.Spec, Ct);
            Assert.Equal(container.Spec.Hostname, await container.OutputAsync("hostname"));
            Assert.Equal(adopted, container.Kind.Find(directory));
        }

        var record = Path.Combine(directory, "cgroups");
        var groups = File.Exists(record) ? File.ReadAllLines(record) : [];
        await container.Kind.StopAsync(directory, Ct);
        container.AssertGone(groups);
    }

    [Fact]
    public async Task Find_MarksNotWrittenYet_FindsTheProcessByItsScript()
    {
        await using var container = await TestContainer.PrepareAsync(await images.ImageAsync());
        var process = await container.StartAsync();

        File.Delete(Path.Combine(container.Spec.Directory, "outer"));

        Assert.Equal(process, container.Kind.Find(container.Spec.Directory));
    }

    /// <summary>Not a test: what the child process of the test above does.</summary>
    [Fact(Explicit = true)]
    public async Task Starter()
    {
        var words = JsonSerializer.Deserialize<string[]>(Environment.GetEnvironmentVariable(OrderVariable) ?? "[]")!;
        Assert.SkipWhen(words.Length == 0, "runs as a child of another test only");
        var seed = new DirectoryInfo(words[5]).GetFiles("*", SearchOption.AllDirectories)
            .Select(file => new SeedFile(Path.GetRelativePath(words[5], file.FullName), File.ReadAllBytes(file.FullName), (int)file.UnixFileMode)).ToValueList();
        var spec = new MachineSpec(words[0], words[1], new LocalImage(words[2]), seed, words[3], int.Parse(words[4], CultureInfo.InvariantCulture), 256, 1);
        using var kind = new ContainerKind(words[2], TimeProvider.System, NullLogger<ContainerKind>.Instance);
        await File.WriteAllTextAsync(words[6], "", Ct);
        await kind.StartAsync(spec, Ct);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(words[6])!, "started"), "", Ct);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Ct);
    }

    private static async Task<Process> SpawnAsync(MachineSpec spec, string awaited)
    {
        var seed = Path.Combine(Path.GetDirectoryName(spec.Directory)!, "seed");
        SeedLayer.Write(spec.Seed, spec.Image.Tree, Directory.CreateDirectory(seed).FullName);
        var ready = Path.Combine(Path.GetDirectoryName(spec.Directory)!, "ready");
        string[] order = [spec.Directory, spec.Hostname, spec.Image.Directory, spec.Address, spec.Port.ToString(CultureInfo.InvariantCulture), seed, ready];
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "-explicit", "only", "-method", typeof(StarterCrashTests).FullName + "." + nameof(Starter), "-noLogo" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[OrderVariable] = JsonSerializer.Serialize(order);
        var process = Process.Start(start)!;
        while (!Path.Exists(awaited) && new FileInfo(awaited).LinkTarget is null)
        {
            Assert.False(process.HasExited, "the starter ended early");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Ct);
        }

        return process;
    }
}
