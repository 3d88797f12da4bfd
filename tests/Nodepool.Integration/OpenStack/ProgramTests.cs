using System.Text.Json.Nodes;
using Nodepool.Core.Providers;

namespace Nodepool.Integration.OpenStack;

/// <summary>The built program on a real OpenStack, from one configuration file to an empty project.</summary>
public sealed class ProgramTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Up_FromUploadToTheLastDeletion_ServesAndLeavesNothing(bool isOnZooKeeper)
    {
        await using var bed = await CloudBed.CreateAsync(output, isOnZooKeeper);
        var setup = new CloudSetup { MinReady = 2 };
        bed.Configure(setup);
        bed.Program.Start();
        await bed.ReadyAsync(2);

        var servers = await bed.Project.ServersAsync(Ct);
        var image = Assert.Single(await bed.Project.ImagesAsync(Ct));
        Assert.Equal(2, servers.Count);
        foreach (var node in bed.Idle)
        {
            var server = Assert.Single(servers, server => server.Id == node.Record!.ExternalId.AsText());
            Assert.Equal(image.Id, server.ImageId);
            Assert.Equal((CloudBed.Provider, node.Id, CloudBed.Image), (server.Metadata[NodeMetadata.ProviderName], server.Metadata[NodeMetadata.NodeId], server.Metadata[NodeMetadata.ImageName]));
            Assert.Equal((bed.Lab.Region, bed.Sshd.Port), (node.Record!.Region, int.Parse(node.Record.ConnectionPort.ToString()!, System.Globalization.CultureInfo.InvariantCulture)));
            Assert.Equal(bed.Sshd.Keys.Select(key => string.Join(' ', key.Split(' ')[..2])).Order(), node.Record.HostKeys.Order());
        }

        await bed.Client.AskAsync(CloudBed.Label, CloudBed.Label);
        await bed.Client.AskAsync(CloudBed.Label);
        await bed.Client.FinishAsync();
        Assert.Equal((2, 0), (bed.Client.Served, bed.Client.Failed.Count));
        await bed.NothingLeaksAsync();

        await bed.EmptyAsync(setup);
        Assert.Equal("", (await bed.OpenStackAsync("server", "list", "-f", "value")).Trim());
        Assert.Equal("", (await bed.OpenStackAsync("image", "list", "--private", "-f", "value")).Trim());
        await bed.Program.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Up_KilledInTheMiddle_LeaksNothingAndServesEveryRequest(bool isOnZooKeeper)
    {
        await using var bed = await CloudBed.CreateAsync(output, isOnZooKeeper);
        await bed.StartWithCloudImageAsync(new CloudSetup { MinReady = 1 });
        for (var round = 1; round <= 4; round++)
        {
            await bed.Client.AskAsync(CloudBed.Label, CloudBed.Label);
            await bed.Program.PassAsync(0.2, 3);
            await bed.Client.TakeAsync();
            if (round % 2 == 0)
            {
                await bed.Client.ReturnAsync();
                await bed.Program.PassAsync(0, 1);
            }

            await bed.Program.KillAsync($"round {round}");
            bed.Program.Start();
        }

        await bed.Client.FinishAsync();
        Assert.Equal((4, 0), (bed.Client.Served, bed.Client.Failed.Count));
        await bed.Program.UntilAsync("an idle node and nothing else", view => view.Requests.IsEmpty && view.Nodes.ById.Values.All(node => node.Record is { IsIdle: true }));
        await bed.ServersAreRecordedAsync();
        await bed.Program.StopAsync();
    }

    [Fact]
    public async Task Provider_Drained_EmptiesAndCanBeRemoved()
    {
        await using var bed = await CloudBed.CreateAsync(output);
        var setup = new CloudSetup { MinReady = 2 };
        bed.Configure(setup);
        bed.Program.Start();
        await bed.ReadyAsync(2);

        bed.Configure(setup with { MaxServers = -1, MinReady = 0 });
        await bed.Program.UntilAsync("the drain is in force", _ => bed.Program.Words.Contains("is drained", StringComparison.Ordinal));
        await bed.Client.DeleteAllAsync();
        bed.Configure(setup with { MaxServers = -1, MinReady = 0, HasImage = false });
        await bed.Program.UntilAsync("nothing left in the cloud", async () => (await bed.Project.ServersAsync(Ct)).Count + (await bed.Project.ImagesAsync(Ct)).Count == 0);
        bed.Configure(setup with { MinReady = 0, HasProvider = false });
        await bed.Program.UntilAsync("no pools", view => !view.Pools.Any());
        await bed.Program.StopAsync();
    }

    [Fact]
    public async Task Ansible_OfDebian_ListsNodesUnderImageAndProvider()
    {
        await using var bed = await CloudBed.CreateAsync(output);
        await bed.StartWithCloudImageAsync(new CloudSetup { MinReady = 2 });
        var inventory = Path.Combine(bed.Program.Root, "openstack.yaml");
        await File.WriteAllTextAsync(inventory, "plugin: openstack.cloud.openstack\nexpand_hostvars: true\nfail_on_errors: true\nonly_clouds: [lab]\n", Ct);

        await using var ansible = Cli.NodepoolProcess.Start(
            "/usr/bin/ansible-inventory",
            [("OS_CLIENT_CONFIG_FILE", bed.Clouds), ("PYTHONPATH", Path.Combine(AppContext.BaseDirectory, "OpenStack", "ansible")), ("HOME", bed.Program.Root), ("ANSIBLE_LOCALHOST_WARNING", "false")],
            "-i", inventory, "--list");
        Assert.True(await ansible.EndAsync() == 0, ansible.Error);

        var groups = JsonNode.Parse(ansible.Out)!.AsObject();
        var servers = (await bed.Project.ServersAsync(Ct)).Select(server => server.Name).Order().ToList();
        Assert.Equal(2, servers.Count);
        foreach (var group in new[] { CloudBed.Provider, CloudBed.Image, CloudBed.Label })
        {
            Assert.True(groups.ContainsKey(group), $"no group {group}: {ansible.Error} {ansible.Out}");
            Assert.Equal(servers, groups[group]!["hosts"]!.AsArray().Select(host => (string)host!).Order());
        }

        var addresses = groups["_meta"]!["hostvars"]!.AsObject().Select(host => (string)host.Value!["ansible_host"]!).Order();
        Assert.Equal(bed.Idle.Select(node => node.Record!.InterfaceIp).Order(), addresses);
        await bed.Program.StopAsync();
    }
}
