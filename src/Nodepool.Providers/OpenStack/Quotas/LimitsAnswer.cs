using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Quotas;

/// <summary>Answer to <c>GET /limits</c> of Nova and Cinder.</summary>
/// <param name="Limits">The limits.</param>
internal sealed record LimitsAnswer(LimitsAnswer.Kinds Limits)
{
    /// <summary>Kinds of limits.</summary>
    /// <param name="Absolute">How much the project may have altogether.</param>
    internal sealed record Kinds(Amounts Absolute);

    /// <summary>What a project may have; -1 is without limit, null is not told by this service.</summary>
    internal sealed record Amounts
    {
        /// <summary>Servers.</summary>
        [JsonPropertyName("maxTotalInstances")]
        public long? Instances { get; init; }

        /// <summary>Virtual CPUs.</summary>
        [JsonPropertyName("maxTotalCores")]
        public long? Cores { get; init; }

        /// <summary>Memory, MiB.</summary>
        [JsonPropertyName("maxTotalRAMSize")]
        public long? Ram { get; init; }

        /// <summary>Volumes.</summary>
        [JsonPropertyName("maxTotalVolumes")]
        public long? Volumes { get; init; }

        /// <summary>Size of all volumes, GB.</summary>
        [JsonPropertyName("maxTotalVolumeGigabytes")]
        public long? VolumeGb { get; init; }
    }
}
