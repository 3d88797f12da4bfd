using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Tests.Imaging;

/// <summary>Which files a builder removes from its disk.</summary>
public sealed class RetentionDiskTests
{
    private readonly UploadBed _world = new();

    [Fact]
    public void FilesOfABuildWhoseRecordCannotBeUnderstood_Stay_WithTheRecord()
    {
        _world.Build("b1");
        _world.Disk.Write("/images/i-b2", isComplete: true);
        Store("b2", """{"state":"in-a-form-of-the-future","state_time":1}""");

        _world.Bed.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal(["b1", "b2"], _world.Disk.List().Select(build => build.Build).Order());
        Assert.Null(_world.Image.Builds["b2"].Record);
    }

    [Fact]
    public void FilesOfNoBuild_AndOfOneThatFailed_Go()
    {
        _world.Build("b1");
        _world.Disk.Write("/images/i-b2", isComplete: true);
        _world.Disk.Write("/images/i-b3", isComplete: true);
        Store("b3", new ImageBuildRecord { State = ImageState.Failed, StateTime = _world.Bed.Process.Sources.UnixNow, BuilderId = "me" }.Write());

        _world.Bed.Until(() => _world.Disk.List().Count == 1, "both are gone");

        Assert.Equal("b1", Assert.Single(_world.Disk.List()).Build);
    }

    [Fact]
    public void WhatADeadConversionHasLeft_Goes_ThoughNobodyWantsTheFormatAnyMore()
    {
        _world.Build("b1");
        _world.Disk.Write("/images/i-b1", ["vhd"]);

        _world.Bed.Until(() => Assert.Single(_world.Disk.List()).Formats.SequenceEqual(["qcow2"]), "it is gone");
    }

    [Fact]
    public void WhatSomebodyIsConverting_IsLeftToHim()
    {
        var contender = NodepoolPaths.BuildsLock("i") + "/00__lock__0000000000";
        _world.Build("b1", new Write.Create(contender, ReadOnlyMemory<byte>.Empty, CreateModes.Persistent));
        _world.Disk.Write("/images/i-b1", ["vhd"]);

        _world.Bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(["qcow2", "vhd"], Assert.Single(_world.Disk.List()).Formats);

        _world.Bed.Do(() => _world.Bed.Engine.CommitAsync([new Write.Delete(contender, Write.AnyVersion)], CancellationToken.None).AsTask());
        _world.Bed.Until(() => Assert.Single(_world.Disk.List()).Formats.SequenceEqual(["qcow2"]), "nobody is at it any more");
    }

    private void Store(string build, string record) => Store(build, System.Text.Encoding.UTF8.GetBytes(record));

    private void Store(string build, ReadOnlyMemory<byte> record) => _world.Bed.Do(() => _world.Bed.Engine.CommitAsync(
        [new Write.Create(NodepoolPaths.Build("i", build), record, CreateModes.Persistent)], CancellationToken.None).AsTask());
}
