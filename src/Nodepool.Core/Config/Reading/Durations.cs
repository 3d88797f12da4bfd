using System.Globalization;

namespace Nodepool.Core.Config.Reading;

/// <summary>Times with a unit, which the file does not know: what was meant is clear all the same.</summary>
internal static class Durations
{
    private static readonly (string Unit, int Seconds)[] Units = [("min", 60), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    /// <summary>The number of seconds that <c>10m</c>, <c>1h</c> or <c>2d</c> means; null for anything else.</summary>
    public static string? ToSeconds(string text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && long.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= ConfigMap.MostSeconds / seconds)
            {
                return (count * seconds).ToString(CultureInfo.InvariantCulture);
            }
        }

        return null;
    }
}
