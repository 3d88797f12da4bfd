using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Answer to <c>GET /os-availability-zone</c>.</summary>
/// <param name="AvailabilityZoneInfo">The zones.</param>
internal sealed record ZonesAnswer([property: JsonPropertyName("availabilityZoneInfo")] List<ZonesAnswer.Zone> AvailabilityZoneInfo)
{
    /// <summary>A zone.</summary>
    /// <param name="ZoneName">Its name.</param>
    /// <param name="ZoneState">Whether it takes servers.</param>
    internal sealed record Zone([property: JsonPropertyName("zoneName")] string ZoneName, [property: JsonPropertyName("zoneState")] State? ZoneState);

    /// <summary>State of a zone.</summary>
    /// <param name="Available">It takes servers.</param>
    internal sealed record State(bool Available);
}
