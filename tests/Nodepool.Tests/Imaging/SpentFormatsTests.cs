using Nodepool.Core.Collections;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Imaging;

public sealed class SpentFormatsTests
{
    private readonly ViewFixture _stored = new ViewFixture().Build("i", "b", ImageState.Ready, 10, "qcow2,raw,vhd");

    [Fact]
    public void Formats_ThatEveryTakerHas_AreSpent_ButNotThoseThatNobodyTakes()
    {
        _stored.Upload("i", "b", "p", "0", ImageState.Ready, 11);

        Assert.Equal(["qcow2"], Spent(isOn: true));
        Assert.Empty(Spent(isOn: false));
    }

    [Fact]
    public void PausedAndFailedTakers_StillNeedTheirFormat()
    {
        Assert.Empty(Spent(isOn: true));
        _stored.Upload("i", "b", "p", "0", ImageState.Failed, 11).Upload("i", "b", "q", "0", ImageState.Ready, 11);

        Assert.Equal(["raw"], Spent(isOn: true));
    }

    [Fact]
    public void KeptFormats_Stay()
    {
        _stored.Upload("i", "b", "p", "0", ImageState.Ready, 11).Upload("i", "b", "q", "0", ImageState.Ready, 11);

        Assert.Equal(["raw"], Spent(isOn: true, "qcow2"));
    }

    [Fact]
    public void WithdrawnBuild_IsNeededNowhere()
    {
        var record = _stored.View.Image("i").Builds["b"].Record! with { Withdrawn = new([new("p", new Withdrawal(1, "bad"))]) };
        _stored.Put(NodepoolPaths.Build("i", "b"), record.Write());

        Assert.Equal(["qcow2"], Spent(isOn: true));
    }

    private IEnumerable<string> Spent(bool isOn, params string[] kept)
    {
        var image = _stored.View.Image("i");
        return SpentFormats.Of(image, image.Builds["b"], ImagingConfig.Of(section => section with { DeleteAfterUpload = isOn, KeepFormats = kept.ToValueList() }));
    }
}
