using System.Text.Json;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Instances;

/// <summary>What is known of one instance; written to its directory before anything is started.</summary>
internal sealed record InstanceRecord
{
    /// <summary>Token of the launch attempt; also the external id and the name of the directory.</summary>
    public required string Token { get; init; }

    /// <summary>Id of the node record.</summary>
    public required string NodeId { get; init; }

    /// <summary>How it runs: the word after <c>kind:</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the image's directory.</summary>
    public required string Image { get; init; }

    /// <summary>Host name inside.</summary>
    public required string Hostname { get; init; }

    /// <summary>Who can log in beside root.</summary>
    public required string Username { get; init; }

    /// <summary>The node's <c>/etc/machine-id</c>.</summary>
    public required string MachineId { get; init; }

    /// <summary>Address of its ssh.</summary>
    public required string Address { get; init; }

    /// <summary>Port of its ssh.</summary>
    public required int Port { get; init; }

    /// <summary>Memory, MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public required int Vcpus { get; init; }

    /// <summary>What it uses of the host's memory, MiB, overhead included.</summary>
    public required long CostMiB { get; init; }

    /// <summary>Unix seconds of the reservation.</summary>
    public required double CreatedAt { get; init; }

    /// <summary>Flat metadata of the launch order.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Its process, once started.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>What it uses.</summary>
    public Quota Cost => Quota.Of((Quota.Instances, 1), (Quota.Cores, Vcpus), (Quota.Ram, CostMiB));

    /// <summary>The metadata as the seams carry it.</summary>
    public ValueMap<string> Tags() => new(Metadata);

    /// <summary>The record's file.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, LocalJson.Default.InstanceRecord);

    /// <summary>Reads the file's content; null when it is not one of ours.</summary>
    public static InstanceRecord? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, LocalJson.Default.InstanceRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
