using System.Diagnostics.Metrics;
using System.Globalization;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>Counts calls and their time.</summary>
internal sealed class CallMeter
{
    private readonly Histogram<double> _seconds;

    /// <summary>Makes the instrument.</summary>
    public CallMeter(Meter meter) => _seconds = meter.CreateHistogram<double>(
        "nodepool.openstack.call.seconds", "s", "Calls to services of OpenStack clouds, by provider, service, method, what they are about and status; 'none' where no answer came.");

    /// <summary>Notes one attempt.</summary>
    public void Note(string provider, string service, HttpMethod method, string resource, int? status, TimeSpan duration) => _seconds.Record(
        duration.TotalSeconds,
        new("provider", provider),
        new("service", service),
        new("method", method.Method),
        new("resource", resource),
        new("status", status?.ToString(CultureInfo.InvariantCulture) ?? "none"));

    /// <summary>What a path is about, its ids left out: <c>servers/detail?…</c> is <c>servers.detail</c>, <c>servers/ID/action</c> is <c>servers.action</c>.</summary>
    public static string ResourceOf(string path)
    {
        var parts = path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('.', parts.Where((part, index) => index % 2 == 0 || part is "detail" or "import"));
    }
}
