using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;

namespace Nodepool.Tests.Model;

/// <summary>Keys of our own in the records of images: absent for peers that never wrote them, kept by whoever writes a record again.</summary>
public sealed class ImageRecordTests
{
    [Fact]
    public void Build_WithWithdrawals_ComesBack()
    {
        var record = new ImageBuildRecord
        {
            State = ImageState.Ready,
            StateTime = 5,
            Withdrawn = new([new("p", new Withdrawal(7.5, "deleted by command"))]),
            UploadRequested = new([new("q", 9)]),
            Removed = ["qcow2"],
        };

        Assert.Equal(record, ImageBuildRecord.Read(record.Write().Span));
    }

    [Fact]
    public void Upload_WithAttemptsAndProgress_ComesBack()
    {
        var record = new ImageUploadRecord { State = ImageState.Uploading, StateTime = 5, Attempt = 3, Settings = "0123", Progress = 0.25, IsInterrupted = true };

        Assert.Equal(record, ImageUploadRecord.Read(record.Write().Span));
    }

    [Fact]
    public void Records_OfPeers_GetNoKeysOfOurs()
    {
        var build = System.Text.Encoding.UTF8.GetString(new ImageBuildRecord { State = ImageState.Ready, StateTime = 5 }.Write().Span);
        var upload = System.Text.Encoding.UTF8.GetString(new ImageUploadRecord { State = ImageState.Ready, StateTime = 5 }.Write().Span);

        Assert.Equal("""{"state":"ready","state_time":5,"username":"zuul","python_path":"auto","shell_type":null}""", build);
        Assert.Equal("""{"state":"ready","state_time":5,"external_id":null,"external_name":null,"format":null,"username":"zuul","python_path":"auto","shell_type":null}""", upload);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(CanaryVerdict.Promoted)]
    [InlineData(CanaryVerdict.Withdrawn)]
    public void Canary_ComesBack(CanaryVerdict? verdict)
    {
        var record = new CanaryRecord
        {
            Trusted = "/t",
            Candidate = "/c",
            Since = 3,
            Verdict = verdict,
            Reason = verdict is null ? null : "why",
            New = new CanaryTally { Ready = 1, Failed = 2, Seconds = 3.5, JobsPassed = 4, JobsFailed = 5 },
        };

        Assert.Equal(record, CanaryRecord.Read(record.Write().Span));
    }

    [Theory]
    [InlineData("""{"candidate":"/c"}""")]
    [InlineData("""{"trusted":"/t","verdict":"odd"}""")]
    public void Canary_ThatCannotBeUnderstood_IsRefused(string json) =>
        Assert.Throws<RecordFormatException>(() => CanaryRecord.Read(System.Text.Encoding.UTF8.GetBytes(json)));
}
