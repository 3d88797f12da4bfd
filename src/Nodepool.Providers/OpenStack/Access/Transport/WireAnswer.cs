using System.Globalization;
using System.Net;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>An answer as it came.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its headers, names in any case.</param>
/// <param name="Body">Its body, decompressed.</param>
internal sealed record WireAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public bool IsJson => Headers.GetValueOrDefault("Content-Type")?.Contains("json", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>After which time to come again; null when the service says nothing of it.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now)
    {
        if (Headers.GetValueOrDefault("Retry-After") is not { } text)
        {
            return null;
        }

        var wait = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, 86400))
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - now
            : (TimeSpan?)null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
