using Nodepool.Integration.Processes;
using Nodepool.Providers.Local.Containers;

namespace Nodepool.Integration.Providers.Local.Containers;

/// <summary>Started by root only: runs the tests of containers again as a user made for it, who is removed afterwards.</summary>
public sealed class OrdinaryUserTests(LocalImageFixture images, ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ContainerTests_AsUserWithSubordinateIds_Pass()
    {
        await using var user = await TemporaryUser.CreateAsync(withSubordinateIds: true);
        var tar = await images.TarAsync();

        var outcome = await user.RunAsync(
            tar, Path.Combine(AppContext.BaseDirectory, Path.GetFileName(Environment.ProcessPath!)),
            "-class", typeof(ContainerKindTests).FullName!, "-class", typeof(StarterCrashTests).FullName!, "-showLiveOutput", "-noColor");

        output.WriteLine(outcome.Output);
        Assert.True(outcome.ExitCode == 0, outcome.LastLines);
        Assert.Contains("Failed: 0, Skipped: 0,", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0,", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_UserWithoutSubordinateIds_NamesTheCommand()
    {
        await using var user = await TemporaryUser.CreateAsync(withSubordinateIds: false);

        var outcome = await user.RunAsync(
            "", Path.Combine(AppContext.BaseDirectory, Path.GetFileName(Environment.ProcessPath!)),
            "-explicit", "only", "-method", typeof(OrdinaryUserTests).FullName + "." + nameof(PrintObstacle), "-showLiveOutput", "-noColor");

        Assert.Contains($"user {user.Name} has no subordinate user and group ids; as root: usermod --add-subuids ", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Not a test: what the child process of the test above does.</summary>
    [Fact(Explicit = true)]
    public async Task PrintObstacle() =>
        output.WriteLine((await new ContainerCheck(images.Root, asRoot: false, TimeProvider.System).FindObstacleAsync(Ct))?.ToString() ?? "none");
}
