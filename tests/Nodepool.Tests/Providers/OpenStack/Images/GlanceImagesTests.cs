using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Images;
using Nodepool.Testing;
using Nodepool.Testing.State;

namespace Nodepool.Tests.Providers.OpenStack.Images;

public sealed class GlanceImagesTests : IDisposable, IProgress<double>
{
    private static readonly string Content = new('x', 500);
    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-glance-").FullName;
    private readonly ArmedTime _time = new();
    private readonly FakeGlance _glance = new();
    private readonly List<double> _progress = [];
    private readonly GlanceImages _images;

    public GlanceImagesTests()
    {
        _images = new GlanceImages(_glance, SeededSources.Create(_time), NullLogger.Instance);
        File.WriteAllText(Path.Combine(_directory, "d.qcow2"), Content);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    void IProgress<double>.Report(double value) => _progress.Add(value);

    [Fact]
    public async Task Upload_SendsTheFileAsItIs_WithItsProperties()
    {
        var id = await UploadAsync(Order(("min_disk", "8"), ("protected", "True"), ("hw_disk_bus", "scsi"), ("name", "other")));

        var image = _glance.Images[id];
        Assert.Equal(Content, Encoding.UTF8.GetString(_glance.Data[id]));
        Assert.Equal(("n", "qcow2", "bare", "private"), ((string?)image["name"], (string?)image["disk_format"], (string?)image["container_format"], (string?)image["visibility"]));
        Assert.Equal(("scsi", "p", 8, true), ((string?)image["hw_disk_bus"], (string?)image[NodeMetadata.ProviderName], (int?)image["min_disk"], (bool?)image["protected"]));
        Assert.Equal(["GET images?limit=200&owner=P&name=n", "POST images", $"PUT images/{id}/file", $"GET images/{id}"], _glance.Calls);
        Assert.Equal(1, _progress[^1]);
        Assert.Equal(_progress.Order(), _progress);
        Assert.True(_progress.Count > 3);
    }

    [Fact]
    public async Task Upload_OfAnEmptyFile_IsWhole()
    {
        File.WriteAllText(Path.Combine(_directory, "d.qcow2"), "");

        Assert.Empty(_glance.Data[await UploadAsync()]);
    }

    [Fact]
    public async Task Upload_WaitsUntilActive_WithGrowingSteps()
    {
        _glance.Looks = 3;
        var upload = UploadAsync();
        await PassAsync(upload, 1);
        await PassAsync(upload, 2);

        Assert.Equal(3, _glance.Calls.Count(call => call == "GET images/i1"));
        Assert.Equal("i1", await upload);
    }

    [Fact]
    public async Task Upload_WhereTheCloudTakesNoDataDirectly_Imports()
    {
        _glance.Before = call => call == "PUT images/i1/file" ? FakeGlance.Answer(HttpStatusCode.Forbidden) : null;

        Assert.Equal("i1", await UploadAsync());

        Assert.Equal(["PUT images/i1/file", "PUT images/i1/stage", "POST images/i1/import"], _glance.Calls.Skip(2).Take(3));
        Assert.Equal(Content, Encoding.UTF8.GetString(_glance.Data["i1"]));
    }

    [Fact]
    public async Task Upload_WhenTheConfigurationPrefersIt_Imports()
    {
        _glance.PrefersImport = true;

        Assert.Equal("i1", await UploadAsync());

        Assert.DoesNotContain("PUT images/i1/file", _glance.Calls);
    }

    [Fact]
    public async Task Upload_ImportThatFails_LeavesNothing()
    {
        _glance.PrefersImport = true;
        _glance.Arrived = image => image["os_glance_failed_import"] = "ceph";
        _glance.Looks = 9;

        var e = await Assert.ThrowsAsync<ProviderException>(() => UploadAsync());

        Assert.Contains("the import into ceph has failed", e.Message, StringComparison.Ordinal);
        Assert.Empty(_glance.Images);
    }

    [Fact]
    public async Task Upload_OfDataThatWasChangedOnItsWay_FailsAndLeavesNothing()
    {
        _glance.Arrived = image => image["os_hash_value"] = "00";

        var e = await Assert.ThrowsAsync<ProviderException>(() => UploadAsync());

        Assert.Equal(ProviderFault.Unavailable, e.Fault);
        Assert.Contains("the SHA-512 sum of what the cloud has is 00", e.Message, StringComparison.Ordinal);
        Assert.Empty(_glance.Images);
    }

    [Theory]
    [InlineData("md5", "99", false)]
    [InlineData("md5", "0f", true)]
    [InlineData("sha256", "", false)]
    public async Task Upload_ComparesTheSumsThatThereAre(string algorithm, string reported, bool isSame)
    {
        File.WriteAllText(Path.Combine(_directory, "d.qcow2.md5"), "0f  d.qcow2\n");
        _glance.Arrived = image =>
        {
            image["os_hash_algo"] = algorithm == "md5" ? null : algorithm;
            (image["os_hash_value"], image["checksum"]) = ("wrong", reported);
        };

        if (isSame)
        {
            await UploadAsync();
            return;
        }

        Assert.Contains("sum of what the cloud has is", (await Assert.ThrowsAsync<ProviderException>(() => UploadAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_OfAFileThatIsDamagedOnDisk_Fails()
    {
        File.WriteAllText(Path.Combine(_directory, "d.qcow2.sha256"), Convert.ToHexStringLower(SHA256.HashData("other"u8)) + "  d.qcow2\n");

        Assert.Contains("d.qcow2 is damaged", (await Assert.ThrowsAsync<ProviderException>(() => UploadAsync())).Message, StringComparison.Ordinal);
        Assert.Empty(_glance.Images);
    }

    [Fact]
    public async Task Upload_ConvertedByTheCloud_IsNotCompared()
    {
        _glance.PrefersImport = true;
        _glance.Arrived = image => (image["disk_format"], image["os_hash_value"]) = ("raw", "00");

        Assert.Equal("i1", await UploadAsync());
    }

    [Fact]
    public async Task Upload_OfAFileThatIsGone_IsRejectedWithoutACall()
    {
        File.Delete(Path.Combine(_directory, "d.qcow2"));

        Assert.Equal(ProviderFault.Rejected, (await Assert.ThrowsAsync<ProviderException>(() => UploadAsync())).Fault);
        Assert.Empty(_glance.Calls);
    }

    [Fact]
    public async Task Upload_DeletesOnlyItsOwnLeftovers()
    {
        (string, string)[] own = [(NodeMetadata.ProviderName, "p"), (ImageMetadata.BuildId, "b")];
        _glance.Add("n", "queued", "P", own);
        _glance.Add("n", "saving", "P", own);
        string[] others =
        [
            _glance.Add("n", "active", "P", own), _glance.Add("n", "queued", "P", (NodeMetadata.ProviderName, "q"), own[1]), _glance.Add("n", "queued"),
            _glance.Add("n", "queued", "P", own[0], (ImageMetadata.BuildId, "c")),
            _glance.Add("m", "queued", "P", own), _glance.Add("n", "queued", "Q", own),
        ];

        var id = await UploadAsync(Order(own));

        Assert.Equal([.. others, id], _glance.Images.Keys.Order());
    }

    [Fact]
    public async Task Recover_KeepsTheWholeImageOfThatUpload_AndDeletesItsOtherRemains()
    {
        (string, string)[] own = [(NodeMetadata.ProviderName, "p"), (ImageMetadata.BuildId, "b"), (ImageMetadata.UploadId, "1")];
        var order = Order(own);
        var whole = await UploadAsync(order);
        _glance.Add("n", "queued", "P", own);
        string[] others = [_glance.Add("n", "queued", "P", own[0], own[1], (ImageMetadata.UploadId, "2")), _glance.Add("n", "active", "P", own[0], (ImageMetadata.BuildId, "c"), own[2])];

        Assert.Equal(whole, await _images.RecoverAsync(order, Ct));

        Assert.Equal([whole, .. others], _glance.Images.Keys);
    }

    [Theory]
    [InlineData("os_hash_value", "0123")]
    [InlineData("os_hash_value", null)]
    [InlineData("disk_format", "raw")]
    public async Task Recover_OfAnImageThatNothingProves_DeletesIt(string key, string? value)
    {
        var order = Order((NodeMetadata.ProviderName, "p"), (ImageMetadata.BuildId, "b"), (ImageMetadata.UploadId, "1"));
        _glance.Images[await UploadAsync(order)][key] = value;

        Assert.Null(await _images.RecoverAsync(order, Ct));

        Assert.Empty(_glance.Images);
    }

    [Fact]
    public async Task Upload_WhoseCreateWasLost_GoesOnWithWhatWasMade()
    {
        _glance.After = call => Lose(call == "POST images");

        Assert.Equal("i1", await UploadAsync());

        Assert.Single(_glance.Images);
    }

    [Fact]
    public async Task Upload_WhoseCreateNeverCame_Fails()
    {
        _glance.Before = call =>
        {
            Lose(call == "POST images");
            return null;
        };

        await Assert.ThrowsAsync<ProviderException>(() => UploadAsync());
    }

    [Fact]
    public async Task Upload_WhoseDataWasTakenAndTheAnswerLost_IsWhole()
    {
        _glance.After = call => Lose(call == "PUT images/i1/file");

        Assert.Equal("i1", await UploadAsync());
    }

    [Fact]
    public async Task Upload_ThatIsRefused_LeavesNothing()
    {
        _glance.Before = call => call == "PUT images/i1/file" ? throw new ProviderException(ProviderFault.QuotaExceeded, "full") : null;

        Assert.Equal(ProviderFault.QuotaExceeded, (await Assert.ThrowsAsync<ProviderException>(() => UploadAsync())).Fault);
        Assert.Empty(_glance.Images);
    }

    [Fact]
    public async Task Upload_ThatIsCancelled_LeavesNothing()
    {
        using var end = new CancellationTokenSource();
        _glance.After = call =>
        {
            if (call == "PUT images/i1/file")
            {
                end.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _images.UploadAsync(Order(), TimeSpan.FromHours(1), this, end.Token));
        Assert.Empty(_glance.Images);
    }

    [Fact]
    public async Task Upload_ThatTakesTooLong_LeavesNothing()
    {
        _glance.Looks = 99;
        var upload = UploadAsync(limit: TimeSpan.FromSeconds(1.5));
        await PassAsync(upload, 1);
        await PassAsync(upload, 2);

        var e = await Assert.ThrowsAsync<ProviderException>(() => upload);
        Assert.Contains("not active within 2 seconds; give it more time with 'image-upload-timeout'", e.Message, StringComparison.Ordinal);
        Assert.Empty(_glance.Images);
    }

    [Fact]
    public async Task List_HasAllPagesOfTheProject_WithTheirProperties()
    {
        string[] own = [_glance.Add("a", "active", "P", ("x", "y")), _glance.Add("b", "queued"), _glance.Add("c", "active")];
        _glance.Add("d", "active", "Q");
        _glance.Images[own[0]]["min_disk"] = 3;

        var found = await _images.ListAsync(Ct).ToListAsync(Ct);

        Assert.Equal(own, found.Select(resource => resource.ExternalId));
        Assert.Equal((CloudResource.ImageType, "a"), (found[0].Type, found[0].Name));
        Assert.Equal(new([new("x", "y")]), found[0].Metadata);
    }

    [Fact]
    public async Task Delete_OfTheUnknown_IsSuccess()
    {
        var id = _glance.Add("a", "active");

        await _images.DeleteAsync(id, Ct);
        await _images.DeleteAsync(id, Ct);

        Assert.Empty(_glance.Images);
    }

    [Fact]
    public void NewImage_OfAVhd_IsAnArchive() =>
        Assert.Equal("ovf", (string?)JsonNode.Parse(NewImage.Write("n", "vhd", new([])).Span)!["container_format"]);

    private void Lose(bool isLost)
    {
        if (isLost)
        {
            throw new ProviderException(ProviderFault.Unavailable, "lost");
        }
    }

    private ImageUploadOrder Order(params (string Key, string Value)[] metadata) => new(
        "d",
        "n",
        new Dictionary<string, string> { ["qcow2"] = Path.Combine(_directory, "d.qcow2") },
        new([.. metadata.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)), new(NodeMetadata.ProviderName, "p")]));

    private Task<string> UploadAsync(ImageUploadOrder? order = null, TimeSpan? limit = null) =>
        _images.UploadAsync(order ?? Order(), limit ?? TimeSpan.FromHours(1), this, Ct).AsTask();

    /// <summary>Lets the time pass that the upload waits for, if it is not over.</summary>
    private async Task PassAsync(Task upload, double seconds)
    {
        await Task.WhenAny(upload, _time.TimerArmedAsync(TimeSpan.FromSeconds(seconds)));
        _time.Advance(TimeSpan.FromSeconds(seconds));
    }
}
