using System.Text.Json.Nodes;
using Nodepool.Core.Providers;
using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Integration.OpenStack;

/// <summary>Everything that can go wrong between the program and the cloud.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cloud_ThatFailsOneCallInFour_LeaksNothingAndServesEveryRequest()
    {
        const int Requests = 12;
        await using var bed = await CloudBed.CreateAsync(output, isProxied: true);
        bed.FailOneCallInFour();
        await bed.StartWithCloudImageAsync(new CloudSetup { MinReady = 1, MaxServers = 6 });
        for (var i = 0; i < Requests; i++)
        {
            await bed.Client.AskAsync(i % 3 == 0 ? [CloudBed.Label, CloudBed.Label] : [CloudBed.Label]);
        }

        await bed.Client.FinishAsync();

        bed.Program.Note($"{bed.Client.Served} served, {bed.Client.Failed.Count} failed; "
            + string.Join(", ", bed.Proxy!.Calls.CountBy(call => call.Fault).Select(kind => $"{kind.Key} {kind.Value}")));
        Assert.Equal(Requests, bed.Client.Served);
        Assert.True(bed.Proxy.Calls.Count(call => call.Fault != CloudFault.None) > 10, "faults are what this is about");
        bed.Proxy.Script(_ => CloudFault.None);
        await bed.Program.UntilAsync("an idle node and nothing else", view => view.Requests.IsEmpty && view.Nodes.ById.Values.All(node => node.Record is { IsIdle: true }));
        await bed.ServersAreRecordedAsync();
        NoLaunchMadeTwo(bed);
        await bed.Program.StopAsync();
    }

    /// <summary>The server is made, and nobody is told: it is found again, and no second one is made.</summary>
    [Theory]
    [InlineData(CloudFault.LostAnswer)]
    [InlineData(CloudFault.Truncated)]
    public async Task Create_WhoseAnswerIsLost_IsFoundAgain(CloudFault fault)
    {
        await using var bed = await CloudBed.CreateAsync(output, isProxied: true);
        var isLost = 0;
        bed.Proxy!.Script(call => call.IsServerCreate && Interlocked.Exchange(ref isLost, 1) == 0 ? fault : CloudFault.None);

        await bed.StartWithCloudImageAsync(new CloudSetup { MinReady = 1 });

        Assert.Equal(1, isLost);
        Assert.Single(await bed.Project.ServersEverAsync(Ct));
        Assert.Single(bed.Proxy.Calls, call => call.IsServerCreate);
        await bed.ServersAreRecordedAsync();
        await bed.Program.StopAsync();
    }

    /// <summary>No answer at all for a while: nothing fails for it, and it goes on by itself.</summary>
    [Fact]
    public async Task Cloud_Away_IsWaitedFor()
    {
        await using var bed = await CloudBed.CreateAsync(output, isProxied: true);
        await bed.StartWithCloudImageAsync(new CloudSetup { MinReady = 0 });
        bed.Proxy!.Script(_ => CloudFault.Reset);
        await bed.Client.AskAsync(CloudBed.Label);
        await bed.Program.PassAsync(10, 10);

        bed.Proxy.Script(_ => CloudFault.None);

        await bed.Client.FinishAsync();
        Assert.Equal((1, 0), (bed.Client.Served, bed.Client.Failed.Count));
        await bed.Program.StopAsync();
    }

    /// <summary>No host has room: the request fails, and what is told of it are Nova's own words.</summary>
    [Fact]
    public async Task Flavor_ThatNoHostHasRoomFor_FailsTheRequestAndLeavesNothing()
    {
        await using var bed = await CloudBed.CreateAsync(output);
        await bed.StartWithCloudImageAsync(new CloudSetup { MinReady = 0, Flavor = Lab.ImpossibleFlavor });
        await bed.Client.AskAsync(CloudBed.Label);

        await bed.Client.FinishAsync();

        Assert.Single(bed.Client.Failed);
        Assert.Contains("No valid host", bed.Program.Words, StringComparison.Ordinal);
        await bed.Program.UntilAsync("the failed servers are gone", async () => (await bed.Project.ServersAsync(Ct)).Count == 0);
        await bed.Program.StopAsync();
    }

    /// <summary>A quota that is used up is no failure: the second request waits until the first has given its node back.</summary>
    [Fact]
    public async Task Quota_UsedUp_MakesRequestsWait()
    {
        await using var bed = await CloudBed.CreateAsync(output);
        await bed.Project.SetServerQuotaAsync(1, Ct);
        await bed.StartWithCloudImageAsync(new CloudSetup { MinReady = 0 });
        for (var i = 0; i < 3; i++)
        {
            await bed.Client.AskAsync(CloudBed.Label);
        }

        await bed.Client.FinishAsync();

        Assert.Equal((3, 0), (bed.Client.Served, bed.Client.Failed.Count));
        Assert.Equal(3, (await bed.Project.ServersEverAsync(Ct)).Count);
        await bed.Program.StopAsync();
    }

    [Fact]
    public async Task FloatingIp_IsMadeForTheNodeAndGoesWithIt()
    {
        await using var bed = await CloudBed.CreateAsync(output);
        await bed.StartWithCloudImageAsync(new CloudSetup { Cloud = "lab-fip", Network = "lab-private", MinReady = 1 });

        var (address, port) = Assert.Single(await bed.Project.FloatingIpsAsync(Ct));
        Assert.Equal(address, Assert.Single(bed.Idle).Record!.InterfaceIp);
        Assert.NotNull(port);
        await bed.Client.AskAsync(CloudBed.Label);
        await bed.Client.FinishAsync();
        await bed.Program.UntilAsync("another address", async () => (await bed.Project.FloatingIpsAsync(Ct)) is [var (other, at)] && other != address && at is not null);
        await bed.Program.StopAsync();
    }

    /// <summary>Every attempt of a launch has a token of its own; Nova has taken at most one order with it.</summary>
    private static void NoLaunchMadeTwo(CloudBed bed)
    {
        var taken = bed.Proxy!.Calls.Where(call => call.IsServerCreate && call.Status is { } status && (int)status < 300)
            .CountBy(call => (string)JsonNode.Parse(call.Json!)!["server"]!["metadata"]![NodeMetadata.Token]!).ToList();
        Assert.NotEmpty(taken);
        Assert.All(taken, token => Assert.Equal((token.Key, 1), (token.Key, token.Value)));
    }
}
