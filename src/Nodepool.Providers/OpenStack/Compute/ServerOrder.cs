using System.Text;
using System.Text.Json;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>What a server is ordered with; names are looked up already.</summary>
internal sealed record ServerOrder
{
    /// <summary>Name of the server, from which Nova derives the host name inside.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the flavor.</summary>
    public required string Flavor { get; init; }

    /// <summary>Id of the image.</summary>
    public required string Image { get; init; }

    /// <summary>Ids of the networks; empty leaves it to Nova.</summary>
    public ValueList<string> Networks { get; init; } = [];

    /// <summary>Names of the security groups; empty takes the project's default.</summary>
    public ValueList<string> SecurityGroups { get; init; } = [];

    /// <summary>Availability zone; null leaves it to Nova.</summary>
    public string? Zone { get; init; }

    /// <summary>Name of the key pair, or null.</summary>
    public string? KeyName { get; init; }

    /// <summary>Attach a config drive; null leaves it to the cloud.</summary>
    public bool? ConfigDrive { get; init; }

    /// <summary>What cloud-init gets, or null.</summary>
    public Secret? UserData { get; init; }

    /// <summary>Size of the volume to boot from, GB; null boots from the hypervisor's disk.</summary>
    public int? BootVolumeGb { get; init; }

    /// <summary>Metadata.</summary>
    public required ValueMap<string> Metadata { get; init; }

    /// <summary>Body of <c>POST /servers</c>.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("server");
            WriteServer(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void WriteServer(Utf8JsonWriter json)
    {
        json.WriteString("name", Name);
        json.WriteString("flavorRef", Flavor);
        json.WriteString("imageRef", BootVolumeGb is null ? Image : "");
        WriteText(json, "availability_zone", Zone);
        WriteText(json, "key_name", KeyName);
        WriteText(json, "user_data", UserData is { } text ? Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Reveal())) : null);
        if (ConfigDrive is { } drive)
        {
            json.WriteBoolean("config_drive", drive);
        }

        WriteList(json, "networks", "uuid", Networks);
        WriteList(json, "security_groups", "name", SecurityGroups);
        json.WriteStartObject("metadata");
        foreach (var (key, value) in Metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        if (BootVolumeGb is { } size)
        {
            WriteBootVolume(json, size);
        }
    }

    private void WriteBootVolume(Utf8JsonWriter json, int size)
    {
        json.WriteStartArray("block_device_mapping_v2");
        json.WriteStartObject();
        json.WriteNumber("boot_index", 0);
        json.WriteString("uuid", Image);
        json.WriteString("source_type", "image");
        json.WriteString("destination_type", "volume");
        json.WriteNumber("volume_size", size);
        json.WriteBoolean("delete_on_termination", true);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, string member, ValueList<string> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WriteString(member, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
