using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Integration.Processes;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Testing.OpenStackLab;

namespace Nodepool.Integration.OpenStack;

/// <summary>Ways into a real cloud, as <c>clouds.yaml</c> has them.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly ScratchDirectory _scratch = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _meter.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Password_OpensTheProject()
    {
        var lab = await SharedLab.Instance;
        await using var project = await lab.CreateProjectAsync(Ct);

        await OpensAsync(project, project.CloudsEntry("mine"), "");
    }

    [Fact]
    public async Task ApplicationCredential_OpensTheProjectItIsFor()
    {
        var lab = await SharedLab.Instance;
        await using var project = await lab.CreateProjectAsync(Ct);
        var (id, secret) = await project.CreateApplicationCredentialAsync(Ct);

        await OpensAsync(project, Entry(lab, $"auth_type: v3applicationcredential\n    auth: {{auth_url: {lab.AuthUrl}, application_credential_id: {id}}}"), $"application_credential_secret: {secret}");
    }

    [Fact]
    public async Task WrongPassword_IsRejectedWithTheNameOfTheCloudAndWithoutThePassword()
    {
        var lab = await SharedLab.Instance;
        await using var project = await lab.CreateProjectAsync(Ct);

        var fault = await FailsAsync(project.CloudsEntry("mine").Replace(project.Account.Password, "wrong-secret", StringComparison.Ordinal));

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("mine", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegionThatIsNone_IsRejectedWithTheRegionsThatThereAre()
    {
        var lab = await SharedLab.Instance;
        await using var project = await lab.CreateProjectAsync(Ct);

        var fault = await FailsAsync(project.CloudsEntry("mine").Replace($"region_name: {lab.Region}", "region_name: Atlantis", StringComparison.Ordinal));

        Assert.Equal(ProviderFault.Rejected, fault.Fault);
        Assert.Contains("Atlantis", fault.Message, StringComparison.Ordinal);
        Assert.Contains(lab.Region, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloud_WithoutVolumes_SaysSo()
    {
        var lab = await SharedLab.Instance;
        await using var project = await lab.CreateProjectAsync(Ct);
        await using var cloud = Open(project.CloudsEntry("mine"));

        Assert.False(await cloud.HasAsync(CloudService.BlockStorage, Ct));
        Assert.True(await cloud.HasAsync(CloudService.Network, Ct));
    }

    [Fact]
    public async Task Microversion_IsTheNewestOfBoth()
    {
        var lab = await SharedLab.Instance;
        await using var project = await lab.CreateProjectAsync(Ct);
        await using var cloud = Open(project.CloudsEntry("mine"));

        var old = await cloud.SendAsync(CloudCall.Get(CloudService.Compute, "flavors/detail") with { Microversion = "2.61" }, Ct);
        var newest = await cloud.SendAsync(CloudCall.Get(CloudService.Compute, "flavors/detail") with { Microversion = "2.9999" }, Ct);

        // Flavors tell their extra_specs from 2.61 on.
        Assert.Equal("2.61", old.Microversion);
        Assert.Contains("extra_specs", JsonNode.Parse(old.Body.Span)!["flavors"]![0]!.AsObject().Select(pair => pair.Key));
        Assert.Matches(@"^2\.\d+$", newest.Microversion);
        Assert.NotEqual("2.9999", newest.Microversion);
    }

    private static string Entry(Lab lab, string lines) => $"  mine:\n    region_name: {lab.Region}\n    {lines}\n";

    private async Task OpensAsync(LabProject project, string entry, string secret)
    {
        if (secret.Length > 0)
        {
            await File.WriteAllTextAsync(_scratch.File("secure.yaml"), $"clouds:\n  mine:\n    auth:\n      {secret}\n", Ct);
        }

        await using var cloud = Open(entry);
        var access = await cloud.GetAccessAsync(Ct);
        Assert.Equal(("mine", project.Id), (access.Cloud, access.ProjectId));
        foreach (var (service, path) in new[] { (CloudService.Compute, "servers/detail"), (CloudService.Image, "images"), (CloudService.Network, "networks") })
        {
            Assert.True((await cloud.SendAsync(CloudCall.Get(service, path), Ct)).IsSuccess);
        }
    }

    private async Task<ProviderException> FailsAsync(string entry)
    {
        await using var cloud = Open(entry);
        return await Assert.ThrowsAsync<ProviderException>(async () => await cloud.SendAsync(CloudCall.Get(CloudService.Compute, "servers"), Ct));
    }

    private ICloudApi Open(string entry)
    {
        File.WriteAllText(_scratch.File("clouds.yaml"), "clouds:\n" + entry);
        var environment = new Dictionary<string, string> { ["OS_CLIENT_CONFIG_FILE"] = _scratch.File("clouds.yaml"), ["OS_CLIENT_SECURE_FILE"] = _scratch.File("secure.yaml") };
        var config = new ProviderConfig { Name = "cloud", Driver = "openstack", Options = new OpenStackOptions { Cloud = "mine" } };
        return new OpenStackClouds(environment, _meter, "test").Open(config, new DriverContext(SystemSources.Create(), NullLoggerFactory.Instance, _scratch.Root));
    }
}
