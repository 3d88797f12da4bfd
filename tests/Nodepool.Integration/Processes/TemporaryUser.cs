using System.Globalization;
using Nodepool.Core.Collections;
using Nodepool.Integration.ImageTools;
using Nodepool.Integration.Providers.Local;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Processes;

/// <summary>An account with a home that holds a copy of this program.</summary>
internal sealed class TemporaryUser(string name, string home) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>Makes it; skips the test for other users than root.</summary>
    /// <param name="withSubordinateIds">It may make user namespaces with more than one user.</param>
    /// <param name="withSudo">It may do everything through sudo, without a password.</param>
    public static async Task<TemporaryUser> CreateAsync(bool withSubordinateIds, bool withSudo = false)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a user");
        Assert.SkipWhen(Programs.Find("useradd") is null, "this host has no useradd");
        await SweepAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"npt{Environment.ProcessId}{(withSudo ? 'r' : withSubordinateIds ? 's' : 'n')}");
        var user = new TemporaryUser(name, Directory.CreateTempSubdirectory("nodepool-user-").FullName);
        // useradd gives subordinate ids by itself unless it is told not to.
        ValueList<string> ids = withSubordinateIds ? [] : ["-K", "SUB_UID_COUNT=0", "-K", "SUB_GID_COUNT=0"];
        await LocalImageFixture.RunAsync(["useradd", "--no-create-home", "--home-dir", user.Home, "--shell", "/bin/sh", .. ids, name]);
        // Without the image that other tests may be building beside the program at this very moment.
        var program = Directory.CreateDirectory(Path.Combine(user.Home, "program")).FullName;
        var files = Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory).Where(path => Path.GetFileName(path) != DebianImage.DirectoryName);
        await LocalImageFixture.RunAsync(["cp", "-r", .. files, program]);
        await LocalImageFixture.RunAsync("chown", "-R", name, user.Home);
        if (withSudo)
            await File.WriteAllTextAsync(user.Sudoers, $"{name} ALL=(root) NOPASSWD: ALL\n");
        return user;
    }

    private string Home => home;

    private string Sudoers => Path.Combine("/etc/sudoers.d", name);

    public async Task<ProcessOutcome> RunAsync(string tar, string program, params ValueList<string> arguments) => await ChildProcess.RunAsync(
        new ProcessOrder
        {
            Program = "setpriv",
            Arguments =
            [
                "--reuid", name, "--regid", name, "--init-groups", "env", "-i", "PATH=/usr/bin:/bin", "HOME=" + home, "TMPDIR=" + home, "USER=" + name, "LOGNAME=" + name,
                "DOTNET_ROOT=" + DotnetRoot, "NODEPOOL_TEST_TREE=" + tar, Path.Combine(home, "program", Path.GetFileName(program)), .. arguments,
            ],
            WorkingDirectory = home,
            CaptureOutput = true,
        },
        TimeProvider.System,
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        File.Delete(Sudoers);
        // Its range of ids may be given to the next user: no file and no process of it may stay.
        await LocalImageFixture.RunAsync("rm", "-rf", "--one-file-system", home);
        await LocalImageFixture.RunAsync("userdel", name);
    }

    // A killed run cannot remove its account. Only accounts that this class made, whose process is gone and whose home is still the temporary one.
    private static async Task SweepAsync()
    {
        var homes = Path.Combine(Path.GetTempPath(), "nodepool-user-");
        foreach (var fields in File.ReadAllLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length == 7))
        {
            if (fields[0].Length > 4 && fields[0].StartsWith("npt", StringComparison.Ordinal)
                && int.TryParse(fields[0].AsSpan()[3..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ProcessIdentity.Of(pid) is null
                && fields[5].StartsWith(homes, StringComparison.Ordinal))
                await new TemporaryUser(fields[0], fields[5]).DisposeAsync();
        }
    }

    private static string DotnetRoot => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}
