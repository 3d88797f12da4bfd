using System.Diagnostics;
using Nodepool.Integration.Processes;
using Nodepool.Integration.Roles;

namespace Nodepool.Integration.OpenStack;

/// <summary>The lab itself: what the other tests rely on in it.</summary>
public sealed class LabTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Project_WithAServerAndAnImage_ShowsThemAndIsSeparate()
    {
        var lab = await SharedLab.Instance;
        await using var project = await lab.CreateProjectAsync(Ct);
        await using var other = await lab.CreateProjectAsync(Ct);

        var image = await project.CreateImageAsync("picture", new Dictionary<string, string> { ["tint"] = "blue" }, Ct);
        var server = await project.CreateServerAsync("machine", image, new Dictionary<string, string> { ["use"] = "none" }, Ct);
        await Until.TrueAsync(async () => (await project.ServersAsync(Ct)).All(one => one.Status == "ACTIVE"));

        var seen = Assert.Single(await project.ServersAsync(Ct));
        Assert.Equal((server, "machine", image, "none"), (seen.Id, seen.Name, seen.ImageId, seen.Metadata["use"]));
        Assert.Equal("blue", Assert.Single(await project.ImagesAsync(Ct)).Properties["tint"]);
        Assert.Single(await project.PortsAsync(Ct));
        Assert.Empty(await other.ServersAsync(Ct));
        Assert.Empty(await other.ImagesAsync(Ct));
    }

    [Fact]
    public async Task Stop_OfADirectoryThatIsNoLabs_TouchesNothing()
    {
        using var scratch = new ScratchDirectory();
        var file = scratch.File("mine");
        await File.WriteAllTextAsync(file, "", Ct);

        var status = await LabAsync("stop", scratch.Root);

        Assert.NotEqual(0, status);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Stop_AfterTheLabWasKilled_EndsWhatItStarted()
    {
        using var scratch = new ScratchDirectory();
        var directory = scratch.File("lab");
        using var run = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Program, "run", directory]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        var records = Path.Combine(directory, "processes");
        await Until.TrueAsync(() => File.Exists(records) && File.ReadAllText(records).Contains("rabbitmq", StringComparison.Ordinal));
        run.Kill();
        await run.WaitForExitAsync(Ct);

        Assert.Equal(0, await LabAsync("stop", directory));

        Assert.False(Directory.Exists(directory));
        Assert.DoesNotContain(Directory.GetDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)), path => CommandLine(path).Contains(directory, StringComparison.Ordinal));
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "openstack-lab");

    private static async Task<int> LabAsync(params string[] arguments)
    {
        using var process = Process.Start("/usr/bin/python3", [Program, .. arguments]);
        await process.WaitForExitAsync(Ct);
        return process.ExitCode;
    }

    private static string CommandLine(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, "cmdline"));
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
