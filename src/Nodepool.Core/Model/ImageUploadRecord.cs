using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// An image upload as it is stored at <c>/nodepool/images/&lt;image&gt;/builds/&lt;build&gt;/providers/&lt;provider&gt;/images/&lt;upload&gt;</c>.
/// Times are Unix seconds.
/// </summary>
public sealed record ImageUploadRecord
{
    /// <summary>What became of it; never <see cref="ImageState.Building"/>.</summary>
    public required ImageState State { get; init; }

    /// <summary>When <see cref="State"/> was entered.</summary>
    public required double StateTime { get; init; }

    /// <summary>The provider's id of the image.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The provider's name of the image.</summary>
    public string? ExternalName { get; init; }

    /// <summary>Uploaded format; several are separated by commas.</summary>
    public string? Format { get; init; }

    /// <summary>Login user.</summary>
    public string Username { get; init; } = "zuul";

    /// <summary>Interpreter for Ansible.</summary>
    public string PythonPath { get; init; } = "auto";

    /// <summary>Shell for Ansible.</summary>
    public string? ShellType { get; init; }

    /// <summary>Why it failed, for people (an addition of this product; peers ignore it).</summary>
    public string? Failure { get; init; }

    /// <summary>Number of the try since the last upload of the image to the provider that got ready, from 1; 0 when nobody counted. An addition like the next three.</summary>
    public int Attempt { get; init; }

    /// <summary>Which settings it was tried with, see <see cref="Imaging.UploadSettings"/>; a failure with other settings says nothing about these.</summary>
    public string? Settings { get; init; }

    /// <summary>Share that was sent, from 0 to 1; null when nothing is known.</summary>
    public double? Progress { get; init; }

    /// <summary>Its builder ended in the middle of it: nothing is said about the image or the provider. An addition as well.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Members that this version does not know; stored again as they were.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static ImageUploadRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        return new ImageUploadRecord
        {
            State = Words.ImageState(fields.Text("state")),
            StateTime = fields.Number("state_time"),
            ExternalId = fields.Text("external_id"),
            ExternalName = fields.Text("external_name"),
            Format = fields.Text("format"),
            Username = fields.Text("username") ?? "zuul",
            PythonPath = fields.Text("python_path") ?? "/usr/bin/python2",
            ShellType = fields.Text("shell_type"),
            Failure = fields.Text("failure"),
            Attempt = fields.Int("attempt"),
            Settings = fields.Text("settings"),
            Progress = fields.OptionalNumber("progress"),
            IsInterrupted = fields.Bool("interrupted", false),
            Unknown = fields.Rest(),
        };
    }

    /// <summary>The stored form.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("state", State.Word()).Number("state_time", StateTime)
            .Text("external_id", ExternalId).Text("external_name", ExternalName).Text("format", Format)
            .Text("username", Username).Text("python_path", PythonPath).Text("shell_type", ShellType);
        if (Failure is not null)
        {
            writer.Text("failure", Failure);
        }

        if (Attempt > 0)
        {
            writer.Int("attempt", Attempt);
        }

        if (Settings is not null)
        {
            writer.Text("settings", Settings);
        }

        if (Progress is not null)
        {
            writer.Number("progress", Progress);
        }

        if (IsInterrupted)
        {
            writer.Bool("interrupted", true);
        }

        return writer.Finish(Unknown);
    }
}
