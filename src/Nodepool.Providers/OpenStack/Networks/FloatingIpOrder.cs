using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>Body of the calls that make and attach a floating IP.</summary>
/// <param name="FloatingIp">What is wanted.</param>
internal sealed record FloatingIpOrder([property: JsonPropertyName("floatingip")] FloatingIpOrder.Wanted FloatingIp)
{
    /// <summary>What is wanted; null is left out.</summary>
    internal sealed record Wanted
    {
        /// <summary>The network to take it from; only for a new one.</summary>
        public string? FloatingNetworkId { get; init; }

        /// <summary>The port that it shall lead to.</summary>
        public required string PortId { get; init; }

        /// <summary>The address of that port.</summary>
        public required string FixedIpAddress { get; init; }

        /// <summary>Our mark; only for a new one.</summary>
        public string? Description { get; init; }
    }
}
