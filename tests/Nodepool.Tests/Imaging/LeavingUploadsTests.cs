using Nodepool.Core.Config.Templates;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.Providers;
using Nodepool.Core.State;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Imaging;

/// <summary>What a builder does with the uploads at a provider that is taken out of its file.</summary>
public sealed class LeavingUploadsTests
{
    private readonly UploadBed _world = new(
        provider => provider with { ImageName = FormatTemplate.Parse(provider.Name + "-{timestamp}-{upload_id}", FormatVocabulary.ImageName) }, providers: 2);

    public LeavingUploadsTests()
    {
        _world.Build("b1");
        _world.Until("b1", ImageState.Ready, "p1");
        _world.Until("b1", ImageState.Ready, "p2");
    }

    [Fact]
    public void Uploads_EndInOrder_AndThoseOfOtherProvidersStay()
    {
        var gone = _world.Newest("b1", "p2")!.Record!.ExternalId;
        _world.Bed.Cloud.Behaviour.Next(FakeOperation.DeleteImage, FakeFate.Fails(ProviderFault.Unavailable), times: 2);

        TakeOut();
        _world.Bed.Until(() => _world.Newest("b1", "p2")?.Record!.State == ImageState.Deleting, "it is said before it is done");
        Assert.Contains(_world.Bed.Cloud.Truth.Images, image => image.Id == gone);

        _world.Bed.Until(() => _world.Newest("b1", "p2") is null, "its record is gone");
        Assert.Equal(_world.Newest("b1", "p1")!.Record!.ExternalId, Assert.Single(_world.Bed.Cloud.Truth.Images).Id);
        _world.Bed.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(1, _world.Bed.Closed);
    }

    [Fact]
    public void AnUpload_ThatANodeWasMadeFrom_StaysUntilThatIsGone()
    {
        const string Node = "0000000001";
        Commit(new Write.Create(NodepoolPaths.Node(Node), new NodeRecord { State = NodeState.InUse, StateTime = 0, Provider = "p2", ImageId = _world.Newest("b1", "p2")!.Path }.Write(), CreateModes.Persistent));

        TakeOut();
        _world.Bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(ImageState.Ready, _world.Newest("b1", "p2")!.Record!.State);

        Commit(new Write.Delete(NodepoolPaths.Node(Node), Write.AnyVersion));
        _world.Bed.Until(() => _world.Newest("b1", "p2") is null, "nobody needs it any more");
    }

    [Fact]
    public void Uploads_AtAProviderThatALauncherRuns_Stay()
    {
        var pool = NodepoolPaths.NewComponent("pool", "far") + "1";
        Commit(new Write.Create(pool, new ComponentRecord { Kind = "pool", Hostname = "far", Id = "far", ProviderName = "p2", Name = "main" }.Write(), CreateModes.Persistent));

        TakeOut();
        _world.Bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(ImageState.Ready, _world.Newest("b1", "p2")!.Record!.State);

        Commit(new Write.Delete(pool, Write.AnyVersion));
        _world.Bed.Until(() => _world.Newest("b1", "p2") is null, "nobody runs it any more");
    }

    [Fact]
    public void AProviderThatIsPutBackInTime_KeepsItsUploads()
    {
        var before = _world.Bed.Config;
        TakeOut();
        _world.Bed.Pass(LeavingUploads.Patience / 2);
        _world.Bed.Configurations.Publish(before);

        _world.Bed.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal((ImageState.Ready, 2L), (_world.Newest("b1", "p2")!.Record!.State, _world.Bed.Cloud.Count(FakeOperation.Upload)));
    }

    [Fact]
    public void AnUpload_ThatIsGoingOn_EndsFirst()
    {
        _world.Bed.Cloud.Behaviour.UploadLatency = TimeSpan.FromMinutes(4);
        _world.Bed.Pass(TimeSpan.FromSeconds(2));
        _world.Build("b2");
        _world.Until("b2", ImageState.Uploading, "p2");

        TakeOut();

        _world.Bed.Until(() => _world.Image.Uploads.Values.All(upload => upload is { Provider: "p1", Record.State: ImageState.Ready }), "all of them are gone");
        Assert.Equal(_world.Image.Uploads.Values.Select(upload => upload.Record!.ExternalId).Order(), _world.Bed.Cloud.Truth.Images.Select(image => image.Id).Order());
    }

    private void TakeOut() => _world.Bed.Configurations.Publish(_world.Bed.Config with { Providers = [_world.Bed.Config.Providers[0]] });

    private void Commit(params Write[] writes) => _world.Bed.Do(() => _world.Bed.Engine.CommitAsync(writes, CancellationToken.None).AsTask());
}
