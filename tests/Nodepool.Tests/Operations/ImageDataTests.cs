using System.Text;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Testing.State;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Operations;

public sealed class ImageDataTests
{
    private const string Build = """{"state": "ready", "state_time": 1725000000.10, "builder": "b", "formats": "qcow2,raw", "username": "zuul", "future": {"n": 36248839519737144670805403184918362552}}""";
    private const string Upload = """{"state":"ready","state_time":1.725e9,"external_id":"e-1","external_name":"ubuntu-ü","format":"qcow2","username":"zuul"}""";
    private const string Uploads = "/nodepool/images/ubuntu/builds/5f3c/providers/p1/images";

    private readonly TestStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_OfEverything_HoldsWhatPythonsHolds()
    {
        Fill();

        var export = await new ImageDataTransfer(_store.Engine).ExportAsync(Ct);

        Assert.Equal(
            ["/nodepool/images/ubuntu/builds/5f3c", $"{Uploads}/0000000003", $"{Uploads}/0000000007", "/nodepool/images/ubuntu/pause"], export.Entries.Keys);
        Assert.Equal((Build, Upload, ""), (export.Entries["/nodepool/images/ubuntu/builds/5f3c"], export.Entries[$"{Uploads}/0000000007"], export.Entries["/nodepool/images/ubuntu/pause"]));
        Assert.Equal(["/nodepool/images/ubuntu/builds/what"], export.LeftOut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_IntoAnotherStore_GivesTheSameBytesAndNumbersOn(bool isSqlite)
    {
        Fill();
        var file = ImageDataFile.Write((await new ImageDataTransfer(_store.Engine).ExportAsync(Ct)).Entries);
        await using IStateStore other = isSqlite ? new SqliteStore() : new MemoryStore();
        await using var engine = await other.OpenSessionAsync(_store.Sources, Ct);

        await new ImageDataTransfer(engine).ImportAsync(ImageDataFile.Read(file.Span), force: false, Ct);

        Assert.Equal(file.ToArray(), ImageDataFile.Write((await new ImageDataTransfer(engine).ExportAsync(Ct)).Entries).ToArray());
        Assert.Equal(["0000000003", "0000000007"], await engine.ListAsync(Uploads, Ct));
        var next = await engine.CommitAsync([new Write.Create(Uploads + "/", default, CreateModes.Sequential)], Ct);
        Assert.Equal([$"{Uploads}/0000000008"], next.Created);
    }

    [Fact]
    public async Task Import_IsOneCommit()
    {
        var position = _store.Tree.Position;

        await new ImageDataTransfer(_store.Engine).ImportAsync(Entries((Uploads + "/0000000002", Upload), ("/nodepool/images/a/pause", "")), force: false, Ct);

        Assert.Equal(position + 1, _store.Tree.Position);
    }

    [Fact]
    public async Task Import_OfMuch_IsOneCommitPerImage()
    {
        var large = Build[..^1] + ",\"x\":\"" + new string('x', 300_000) + "\"}";

        await new ImageDataTransfer(_store.Engine).ImportAsync(Entries(("/nodepool/images/a/builds/1", large), ("/nodepool/images/b/builds/1", large)), force: false, Ct);

        Assert.Equal(2, _store.Tree.Position);
    }

    [Fact]
    public async Task Import_OverData_NeedsForceAndKeepsTheRest()
    {
        await new ImageDataTransfer(_store.Engine).ImportAsync(Entries(("/nodepool/images/ubuntu/builds/5f3c", Build), (Uploads + "/0000000002", Upload)), force: false, Ct);
        var transfer = new ImageDataTransfer(_store.Engine);
        var newer = Upload.Replace("e-1", "e-2", StringComparison.Ordinal);
        var entries = Entries((Uploads + "/0000000002", newer), (Uploads + "/0000000005", newer), (Uploads + "/0000000001", newer));

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(async () => await transfer.ImportAsync(entries, force: false, Ct));
        await transfer.ImportAsync(entries, force: true, Ct);

        Assert.Equal("the store has image data already (/nodepool/images/ubuntu/builds/5f3c): --force writes over what the file names and keeps the rest", refused.Message);
        Assert.Equal(["0000000001", "0000000002", "0000000005"], await _store.Engine.ListAsync(Uploads, Ct));
        Assert.All((string[])["1", "2", "5"], id => Assert.Equal(newer, Text($"{Uploads}/000000000{id}")));
        Assert.Equal(Build, Text("/nodepool/images/ubuntu/builds/5f3c"));
        var next = await _store.Engine.CommitAsync([new Write.Create(Uploads + "/", default, CreateModes.Sequential)], Ct);
        Assert.Equal([$"{Uploads}/0000000007"], next.Created);
    }

    [Fact]
    public async Task Import_WhileABuilderRuns_IsRefused()
    {
        _store.Put("b0000000000", new ComponentRecord { Kind = "builder", Hostname = "b" });

        var refused = await Assert.ThrowsAsync<OperationRefusedException>(
            async () => await new ImageDataTransfer(_store.Engine).ImportAsync(Entries(("/nodepool/images/a/pause", "")), force: false, Ct));

        Assert.Equal("a builder runs and would work with half of the data: stop it, or use --force", refused.Message);
        Assert.Null(_store.Find("/nodepool/images/a/pause"));
    }

    [Theory]
    [InlineData("""[]""", "this is no file of export-image-data: it does not begin with an object")]
    [InlineData("""{"/nodepool/nodes/0000000001":"{}"}""", "/nodepool/nodes/0000000001: this is no pause flag, build or upload below /nodepool/images")]
    [InlineData("""{"/nodepool/images/../nodes/builds/x":"{}"}""", "/nodepool/images/../nodes/builds/x: this is no pause flag, build or upload below /nodepool/images")]
    [InlineData("""{"/nodepool/images/a/builds/lock":"{}"}""", "/nodepool/images/a/builds/lock: this is no pause flag, build or upload below /nodepool/images")]
    [InlineData("""{"/nodepool/images/a/builds/b/providers/p/images/7":"{}"}""", "/nodepool/images/a/builds/b/providers/p/images/7: this is no pause flag, build or upload below /nodepool/images")]
    [InlineData("""{"/nodepool/images/a/builds/b":{"state":"ready"}}""", "/nodepool/images/a/builds/b: its value is no string")]
    [InlineData("""{"/nodepool/images/a/pause":"x"}""", "/nodepool/images/a/pause: a pause flag holds no data")]
    [InlineData("""{"/nodepool/images/a/pause":"","/nodepool/images/a/pause":""}""", "/nodepool/images/a/pause: it is there twice")]
    [InlineData("""{"/nodepool/images/a/builds/b":"{"}""", "/nodepool/images/a/builds/b: not valid JSON: ")]
    [InlineData("""{"/nodepool/images/a/builds/b":"{\"state\":\"odd\"}"}""", "/nodepool/images/a/builds/b: ")]
    [InlineData("""{} {}""", "this is no file of export-image-data: ")]
    [InlineData("", "this is no file of export-image-data: ")]
    public void Read_OfWhatCannotBeImported_SaysWhat(string text, string problem) => Assert.Contains(
        problem, Assert.Throws<OperationRefusedException>(() => ImageDataFile.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_OfPythonsSpelling_KeepsTheTextOfEveryRecord()
    {
        var read = ImageDataFile.Read("""{"/nodepool/images/a/builds/0000000001": "{\"state\": \"ready\", \"state_time\": 1.50, \"builder\": \"\\u00fc\"}", "/nodepool/images/a/pause": ""}"""u8);

        Assert.Equal("""{"state": "ready", "state_time": 1.50, "builder": "\u00fc"}""", read["/nodepool/images/a/builds/0000000001"]);
    }

    private static Dictionary<string, string> Entries(params (string Path, string Text)[] entries) => entries.ToDictionary(entry => entry.Path, entry => entry.Text);

    private string Text(string path) => Encoding.UTF8.GetString(_store.Find(path)!.Data.Span);

    private void Fill()
    {
        _store.Put("/nodepool/images/ubuntu/pause", ReadOnlyMemory<byte>.Empty);
        _store.Put("/nodepool/images/ubuntu/request-build", ReadOnlyMemory<byte>.Empty);
        _store.Put("/nodepool/images/ubuntu/builds/5f3c", Encoding.UTF8.GetBytes(Build));
        _store.Put("/nodepool/images/ubuntu/builds/what", "{"u8.ToArray());
        _store.Put($"{Uploads}/0000000003", Encoding.UTF8.GetBytes(Upload));
        _store.Put($"{Uploads}/0000000007", Encoding.UTF8.GetBytes(Upload));
        _store.Lock($"{Uploads}/lock", "b");
        _store.Lock("/nodepool/images/ubuntu/builds/lock", "b");
    }
}
