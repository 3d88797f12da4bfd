using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>An image build as it is stored at <c>/nodepool/images/&lt;image&gt;/builds/&lt;build id&gt;</c>. Times are Unix seconds.</summary>
public sealed record ImageBuildRecord
{
    /// <summary>What became of it; never <see cref="ImageState.Uploading"/>.</summary>
    public required ImageState State { get; init; }

    /// <summary>When <see cref="State"/> was entered.</summary>
    public required double StateTime { get; init; }

    /// <summary>Host name of the builder.</summary>
    public string? Builder { get; init; }

    /// <summary>Id of the builder: who has the files.</summary>
    public string? BuilderId { get; init; }

    /// <summary>Formats on disk, sorted.</summary>
    public ValueList<string> Formats { get; init; } = [];

    /// <summary>Login user.</summary>
    public string Username { get; init; } = "zuul";

    /// <summary>Interpreter for Ansible.</summary>
    public string PythonPath { get; init; } = "auto";

    /// <summary>Shell for Ansible.</summary>
    public string? ShellType { get; init; }

    /// <summary>Why it failed, for people (an addition of this product; peers ignore it).</summary>
    public string? Failure { get; init; }

    /// <summary>How it goes or went (an addition of this product; peers ignore it); null in records of other programs.</summary>
    public BuildRunRecord? Run { get; init; }

    /// <summary>Formats whose local file <c>delete-after-upload</c> has removed (an addition of this product; peers ignore it).</summary>
    public ValueList<string> Removed { get; init; } = [];

    /// <summary>Where this content must not be uploaded again, by provider (an addition of this product; peers ignore it).</summary>
    public ValueMap<Withdrawal> Withdrawn { get; init; } = ValueMap<Withdrawal>.Empty;

    /// <summary>When somebody asked for an upload by command, Unix seconds by provider (an addition of this product; peers ignore it).</summary>
    public ValueMap<long> UploadRequested { get; init; } = ValueMap<long>.Empty;

    /// <summary>Members that this version does not know; stored again as they were.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static ImageBuildRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        var formats = fields.Text("formats") ?? "";
        return new ImageBuildRecord
        {
            State = Words.ImageState(fields.Text("state")),
            StateTime = fields.Number("state_time"),
            Builder = fields.Text("builder"),
            BuilderId = fields.Text("builder_id"),
            Formats = formats.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToValueList(),
            Username = fields.Text("username") ?? "zuul",
            PythonPath = fields.Text("python_path") ?? "/usr/bin/python2",
            ShellType = fields.Text("shell_type"),
            Failure = fields.Text("failure"),
            Run = BuildRunRecord.Read(fields.Raw("run")),
            Removed = fields.Texts("removed"),
            Withdrawn = Withdrawal.ReadAll(fields.Raw("withdrawn")),
            UploadRequested = fields.Numbers("upload_requested") ?? ValueMap<long>.Empty,
            Unknown = fields.Rest(),
        };
    }

    /// <summary>The stored form; like Python's, without the keys that have no value.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("state", State.Word()).Number("state_time", StateTime);
        if (Builder is not null)
        {
            writer.Text("builder", Builder);
        }

        if (BuilderId is not null)
        {
            writer.Text("builder_id", BuilderId);
        }

        if (Formats.Count > 0)
        {
            writer.Text("formats", string.Join(',', Formats));
        }

        writer.Text("username", Username).Text("python_path", PythonPath).Text("shell_type", ShellType);
        if (Failure is not null)
        {
            writer.Text("failure", Failure);
        }

        if (Run is not null)
        {
            writer.Raw("run", Run.Write());
        }

        if (Removed.Count > 0)
        {
            writer.Texts("removed", Removed);
        }

        if (Withdrawn.Count > 0)
        {
            writer.Raw("withdrawn", Withdrawal.WriteAll(Withdrawn));
        }

        if (UploadRequested.Count > 0)
        {
            writer.Numbers("upload_requested", UploadRequested);
        }

        return writer.Finish(Unknown);
    }
}
