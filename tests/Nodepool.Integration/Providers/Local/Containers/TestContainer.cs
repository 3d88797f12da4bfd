using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Nodepool.Core.Collections;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Containers;
using Nodepool.Providers.Local.Instances;
using Nodepool.Providers.Processes;

namespace Nodepool.Integration.Providers.Local.Containers;

/// <summary>One container with keys of its own, and what is needed to look at it from outside.</summary>
internal sealed class TestContainer : IAsyncDisposable
{
    private static int _count;
    private readonly string _root;
    private ProcessIdentity? _inner;
    private string? _namespace;
    private SafeFileHandle? _pin;

    private TestContainer(string root, MachineSpec spec)
    {
        _root = root;
        Spec = spec;
    }

    public ContainerKind Kind { get; } = new(Path.GetTempPath(), TimeProvider.System, NullLogger<ContainerKind>.Instance);

    public MachineSpec Spec { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Writes the keys and the directory; starts nothing.</summary>
    public static async Task<TestContainer> PrepareAsync(LocalImage image, int memoryMiB = 256)
    {
        var root = Directory.CreateTempSubdirectory("nodepool-container-").FullName;
        foreach (var key in (string[])["host", "client"])
        {
            await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", Path.Combine(root, key));
        }

        var number = Interlocked.Increment(ref _count);
        // Of several test processes at once each has a range of its own.
        var address = string.Create(CultureInfo.InvariantCulture, $"127.78.{Environment.ProcessId % 250}.{number % 250 + 1}");
        // 22 belongs to root, and to a host's sshd where that listens on all addresses.
        var port = ((int[])[22, 2222, 22022]).First(each => Endpoints.CanListen(address, each));
        var directory = Directory.CreateDirectory(Path.Combine(root, $"node{number}")).FullName;
        var spec = new MachineSpec(directory, $"np{number}", image, [.. Seed(root, $"np{number}")], address, port, memoryMiB, 1);
        var name = port == 22 ? address : $"[{address}]:{port}";
        await File.WriteAllTextAsync(Path.Combine(root, "known_hosts"), $"{name} {await File.ReadAllTextAsync(Path.Combine(root, "host.pub"), Ct)}", Ct);
        return new TestContainer(root, spec);
    }

    /// <summary>Starts and waits until ssh can be connected to.</summary>
    public async Task<ProcessIdentity> StartAsync()
    {
        var process = await Kind.StartAsync(Spec, Ct);
        await Kind.WaitForSignAsync(Spec, Ct);
        _inner = ReadMark("inner");
        _pin?.Dispose();
        _pin = File.OpenHandle($"/proc/{_inner.Pid}/ns/pid");
        _namespace = NamespaceOf(_inner.Pid);
        Assert.NotNull(_namespace);
        return process;
    }

    /// <summary>Runs a command by ssh, with the host key checked.</summary>
    public Task<ProcessOutcome> SshAsync(string command, params string[] options) => ChildProcess.RunAsync(
        new ProcessOrder
        {
            Program = "ssh",
            Arguments =
            [
                "-F", "/dev/null", "-i", Path.Combine(_root, "client"), "-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=" + Path.Combine(_root, "known_hosts"),
                "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=20", "-p", Spec.Port.ToString(CultureInfo.InvariantCulture), .. options,
                "zuul@" + Spec.Address, command,
            ],
            CaptureOutput = true,
            Timeout = TimeSpan.FromMinutes(5),
        },
        TimeProvider.System,
        Ct);

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> OutputAsync(string command, params string[] options)
    {
        var outcome = await SshAsync(command, options);
        Assert.True(outcome.ExitCode == 0, $"{command}: {outcome.ExitCode}: {outcome.LastLines}");
        return outcome.Output.TrimEnd();
    }

    /// <summary>The process that a mark of the container names, alive or not.</summary>
    public ProcessIdentity ReadMark(string file) => ProcessMark.Parse(File.ReadAllText(Path.Combine(Spec.Directory, file)), ProcessMark.Boot)!;

    /// <summary>The control groups that were recorded.</summary>
    public string[] Groups() => File.ReadAllLines(Path.Combine(Spec.Directory, "cgroups"));

    /// <summary>Asserts that nothing of the container is left but its console.</summary>
    public void AssertGone(params string[] groups)
    {
        Assert.Null(Kind.Find(Spec.Directory));
        Assert.Null(ScriptProcesses.FindOldest(Path.Combine(Spec.Directory, "init.sh")));
        Assert.All(groups, group => Assert.False(Directory.Exists(group), group));
        Assert.DoesNotContain(Spec.Directory, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Spec.Directory).Select(Path.GetFileName).Except(["console.log", "stopped"]));
        if (_inner is not null)
        {
            var left = Running();
            Assert.True(left.Count == 0, $"process 1 was {_inner.Pid}, started {_inner.StartTime}; still in its namespace: {string.Join("; ", left)}");
        }
    }

    /// <summary>
    /// Running processes of the container started last. A zombie holds nothing; the open handle keeps the namespace's number from being given to a later one.
    /// </summary>
    public IReadOnlyList<string> Running() =>
        Processes().Where(pid => NamespaceOf(pid) == _namespace && ProcessIdentity.Of(pid) is not null).Select(Describe).ToList();

    public async ValueTask DisposeAsync()
    {
        await Kind.StopAsync(Spec.Directory, CancellationToken.None);
        Kind.Dispose();
        _pin?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid > 0);

    private static string Describe(int pid)
    {
        try
        {
            return $"{File.ReadAllText($"/proc/{pid}/stat").Trim()} | {File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{pid}, gone by now";
        }
    }

    private static string? NamespaceOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/pid").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<SeedFile> Seed(string root, string hostname)
    {
        yield return Text("etc/hostname", hostname + "\n");
        yield return Text("etc/hosts", $"127.0.0.1 localhost\n127.0.1.1 {hostname}\n");
        yield return new SeedFile("etc/ssh/ssh_host_ed25519_key", File.ReadAllBytes(Path.Combine(root, "host")), 0x180);
        yield return new SeedFile("etc/ssh/authorized_keys.d/zuul", File.ReadAllBytes(Path.Combine(root, "client.pub")), 0x1a4);
        yield return Text("etc/ssh/sshd_config.d/00-node.conf", "HostKey /etc/ssh/ssh_host_ed25519_key\nAuthorizedKeysFile /etc/ssh/authorized_keys.d/%u\nUseDNS no\n");
    }

    private static SeedFile Text(string path, string content) => new(path, Encoding.UTF8.GetBytes(content), 0x1a4);

    private static Task RunAsync(params ValueList<string> command) => LocalImageFixture.RunAsync(command);
}
