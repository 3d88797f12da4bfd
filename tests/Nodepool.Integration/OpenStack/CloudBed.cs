using System.Globalization;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Integration.Crash;
using Nodepool.Integration.Providers;
using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Integration.OpenStack;

/// <summary>
/// The built program with a configuration whose only provider is a project of its own in the lab, an sshd that plays all machines there, and images that a
/// small program makes in the place of disk-image-create.
/// </summary>
internal sealed class CloudBed : IAsyncDisposable
{
    public const string Provider = "cloud";
    public const string Image = "debian";
    public const string Label = "small";

    private static readonly CloudFault[] Faults = [.. Enum.GetValues<CloudFault>().Where(fault => fault != CloudFault.None)];

    private CloudBed(CrashBed program, Lab lab, LabProject project, Sshd sshd, FaultProxy? proxy) =>
        (Program, Lab, Project, Sshd, Proxy, Client) = (program, lab, project, sshd, proxy, new CrashClient(program));

    public CrashBed Program { get; }

    public CrashClient Client { get; }

    public Lab Lab { get; }

    public LabProject Project { get; }

    public Sshd Sshd { get; }

    /// <summary>Between the program and the services, when it was asked for.</summary>
    public FaultProxy? Proxy { get; }

    /// <summary>The <c>clouds.yaml</c> of the program; its entries are <c>lab</c> and <c>lab-fip</c>.</summary>
    public string Clouds => Path.Combine(Program.Root, "clouds.yaml");

    public IEnumerable<NodeView> Idle => Program.View.Nodes.ById.Values.Where(node => node.Record is { IsIdle: true } && !node.IsLocked);

    public IEnumerable<UploadView> Uploads => Program.View.Images.Values.SelectMany(image => image.Uploads.Values);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Makes all of it; starts no program.</summary>
    public static async Task<CloudBed> CreateAsync(ITestOutputHelper output, bool isOnZooKeeper = false, bool isProxied = false)
    {
        var lab = await SharedLab.Instance;
        var project = await lab.CreateProjectAsync(Ct);
        var program = await (isOnZooKeeper ? CrashBed.CreateOnZooKeeperAsync(output) : CrashBed.CreateAsync(output));
        var proxy = isProxied ? await FaultProxy.StartAsync(lab, Ct) : null;
        var bed = new CloudBed(program, lab, project, await Sshd.StartEverywhereAsync(), proxy);
        await File.WriteAllTextAsync(bed.Clouds, $"clouds:\n{project.CloudsEntry("lab", proxy: proxy)}{project.CloudsEntry("lab-fip", isFloating: true, proxy)}", Ct);
        program.Environment = [("OS_CLIENT_CONFIG_FILE", bed.Clouds), ("OS_CLOUD", null)];
        await File.WriteAllTextAsync(bed.ImageProgram, """
            #!/bin/sh
            # No two builds are the same.
            head -c 1048576 /dev/urandom >"$DIB_IMAGE_FILENAME.raw"
            """, Ct);
        File.SetUnixFileMode(bed.ImageProgram, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return bed;
    }

    /// <summary>From now on something goes wrong with every fourth call on its way to a service.</summary>
    public void FailOneCallInFour()
    {
        var gate = new Lock();
        Proxy!.Script(_ =>
        {
            lock (gate)
            {
                return Program.Random.Next(4) == 0 ? Faults[Program.Random.Next(Faults.Length)] : CloudFault.None;
            }
        });
    }

    private string ImageProgram => Path.Combine(Program.Root, "dib");

    /// <summary>Writes the configuration, also of a program that runs.</summary>
    public void Configure(CloudSetup setup) => Program.Configure(
        $"""
        labels:
          - name: {Label}
            min-ready: {setup.MinReady}
        diskimages:
          - name: {Image}
            image-tool: diskimage-builder
            dib-cmd: {ImageProgram}
            elements: [vm]
        providers:
        """ + "\n" + (setup.HasProvider ? ProviderYaml(setup) : "  []\n"));

    /// <summary>Starts the program with an image that is in the cloud already, and waits for its idle nodes.</summary>
    /// <returns>The setup.</returns>
    public async Task<CloudSetup> StartWithCloudImageAsync(CloudSetup setup)
    {
        setup = setup with { CloudImage = await Project.CreateImageAsync(Image, new Dictionary<string, string>(), Ct) };
        Configure(setup);
        Program.Start();
        await Program.UntilAsync($"{setup.MinReady} idle nodes", view => view.Pools.Any() && Idle.Count() == setup.MinReady);
        return setup;
    }

    /// <summary>Waits for the first upload, then for that many idle nodes.</summary>
    public async Task ReadyAsync(int nodes)
    {
        await Program.UntilAsync("an upload", _ => Uploads.Any(upload => upload.Record?.State == ImageState.Ready));
        await Program.UntilAsync($"{nodes} idle nodes", _ => Idle.Count() == nodes);
    }

    /// <summary>Waits until the servers and the images of the project are those of the records, no one more.</summary>
    public async Task NothingLeaksAsync()
    {
        await ServersAreRecordedAsync();
        await Program.UntilAsync("images and records agree", async () => (await Project.ImagesAsync(Ct)).Select(image => image.Id).Order(StringComparer.Ordinal)
            .SequenceEqual(Uploads.Select(upload => upload.Record?.ExternalId).OfType<string>().Order(StringComparer.Ordinal)));
    }

    /// <summary>Waits until the servers of the project are those of the records, no one more.</summary>
    public Task ServersAreRecordedAsync() => Program.UntilAsync("servers and records agree", async () =>
        (await Project.ServersAsync(Ct)).Select(server => server.Id).Order(StringComparer.Ordinal).SequenceEqual(RecordedServers().Order(StringComparer.Ordinal)));

    /// <summary>Deletes all nodes and takes the image from the provider, until the project is as it was before.</summary>
    public async Task EmptyAsync(CloudSetup setup)
    {
        Configure(setup with { MinReady = 0, HasImage = false });
        await Client.DeleteAllAsync();
        await Program.UntilAsync("nothing left in the cloud", async () =>
            (await Project.ServersAsync(Ct)).Count + (await Project.ImagesAsync(Ct)).Count + (await Project.PortsAsync(Ct)).Count + (await Project.FloatingIpsAsync(Ct)).Count == 0);
    }

    /// <summary>What <c>openstack</c> prints with the project's credentials.</summary>
    public async Task<string> OpenStackAsync(params string[] arguments)
    {
        await using var client = Cli.NodepoolProcess.Start("/usr/bin/openstack", [("OS_CLIENT_CONFIG_FILE", Clouds), ("PYTHONSAFEPATH", "1")], ["--os-cloud", "lab", .. arguments]);
        Assert.True(await client.EndAsync() == 0, client.Error);
        return client.Out;
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        await Sshd.DisposeAsync();
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        await Project.DisposeAsync();
    }

    private IEnumerable<string> RecordedServers() => Program.View.Nodes.ById.Values.Select(node => node.Record?.ExternalId.AsText()).OfType<string>();

    private string ProviderYaml(CloudSetup setup) =>
        $"""
          - name: {Provider}
            driver: openstack
            cloud: {setup.Cloud}
            rate: {setup.Rate.ToString(CultureInfo.InvariantCulture)}
            image-format: raw
            port-cleanup-interval: 5
            launch-retries: 2
        """ + "\n" + (setup.HasImage ? ImageYaml(setup) : "") + $"""
            pools:
              - name: main
                max-servers: {setup.MaxServers}
                networks: [{setup.Network}]
                labels:
        """ + (setup.HasImage ? "\n" + LabelYaml(setup) : " []\n");

    private string ImageYaml(CloudSetup setup) => setup.CloudImage is null
        ? $"    diskimages:\n      - name: {Image}\n        connection-port: {Sshd.Port}\n"
        : $"    cloud-images:\n      - name: {Image}\n        image-id: {setup.CloudImage}\n        connection-port: {Sshd.Port}\n";

    private static string LabelYaml(CloudSetup setup) =>
        $"          - name: {Label}\n            {(setup.CloudImage is null ? "diskimage" : "cloud-image")}: {Image}\n            flavor-name: {setup.Flavor}\n";
}
