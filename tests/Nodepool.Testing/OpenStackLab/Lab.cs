using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStackLab;

/// <summary>
/// A real OpenStack on this host (<c>tests/openstack/lab</c>): Keystone, Placement, Glance, Neutron, and Nova whose machines are only said to run. It ends
/// with this object or with this process, however that ends.
/// </summary>
public sealed class Lab : IAsyncDisposable
{
    /// <summary>Names the directory of a lab that runs already; it is used then, and left running.</summary>
    public const string DirectoryVariable = "NODEPOOL_TEST_OPENSTACK";

    /// <summary>Machines of this network have addresses of this host's loopback: whatever listens on all addresses here plays every one of them.</summary>
    public const string Network = "lab-net";

    /// <summary>The smallest flavor.</summary>
    public const string Flavor = "lab.tiny";

    /// <summary>A flavor that no host has room for.</summary>
    public const string ImpossibleFlavor = "lab.impossible";

    private const string Python = "/usr/bin/python3";
    private const string Prefix = "nodepool-openstack-";

    private readonly Process? _process;

    private Lab(string directory, LabSession admin, JsonNode access, Process? process)
    {
        (Directory, Admin, _process) = (directory, admin, process);
        AuthUrl = (string)access["auth_url"]!;
        Region = (string)access["region"]!;
    }

    /// <summary>Where it keeps everything.</summary>
    public string Directory { get; }

    /// <summary>Keystone's address.</summary>
    public string AuthUrl { get; }

    /// <summary>Its only region.</summary>
    public string Region { get; }

    /// <summary>The administrator.</summary>
    public LabSession Admin { get; }

    /// <summary>Starts a lab, or takes the one of <see cref="DirectoryVariable"/>.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message has its last words.</exception>
    public static async Task<Lab> StartAsync(CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } existing)
        {
            return await OpenAsync(existing, null, ct);
        }

        var directory = Path.Combine(Path.GetTempPath(), Prefix + Environment.ProcessId);
        var process = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "openstack-lab"), "run", directory])
        {
            // Its end tells the lab that nobody wants it any more.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var words = new StringBuilder();
        process.ErrorDataReceived += (_, line) => words.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var ready = await process.StandardOutput.ReadLineAsync(ct);
        if (ready is null)
        {
            await process.WaitForExitAsync(ct);
            throw new InvalidOperationException($"the OpenStack lab does not start:\n{words}");
        }

        return await OpenAsync(directory, process, ct);
    }

    /// <summary>A project of one's own in it, with a user of the same name.</summary>
    public Task<LabProject> CreateProjectAsync(CancellationToken ct) => LabProject.CreateAsync(this, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private static async Task<Lab> OpenAsync(string directory, Process? process, CancellationToken ct)
    {
        var access = JsonNode.Parse(await File.ReadAllBytesAsync(Path.Combine(directory, "lab.json"), ct))!;
        var admin = await LabSession.OpenAsync((string)access["auth_url"]!, new LabAccount("admin", "admin", (string)access["password"]!), ct);
        return new Lab(directory, admin, access, process);
    }
}
