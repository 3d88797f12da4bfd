using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Nodepool.Metrics;

/// <summary>
/// Listens to the instruments of one meter and writes what they say in Prometheus's text form (version 0.0.4). Counters add up from the moment
/// at which this was made; gauges are asked when somebody looks; histograms are written as their sum and count. Thread-safe.
/// </summary>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>The media type of what <see cref="Write"/> gives.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Name, string Labels), (double Sum, long Count)> _values = [];

    public MetricCollector(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                lock (_lock)
                {
                    _instruments[NameOf(instrument)] = instrument;
                }

                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All values now, by name, then by labels.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var (name, instrument) in _instruments)
            {
                text.Append("# HELP ").Append(name).Append(' ').Append(Escape(instrument.Description ?? "", isLabel: false)).Append('\n');
                text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(instrument)).Append('\n');
                foreach (var (key, (sum, count)) in _values.Where(value => value.Key.Name == name))
                {
                    var isSummary = IsHistogram(instrument);
                    Line(text, isSummary ? name + "_sum" : name, key.Labels, sum);
                    if (isSummary)
                    {
                        Line(text, name + "_count", key.Labels, count);
                    }
                }
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>();
        foreach (var (name, label) in tags)
        {
            labels.Add($"{Word(name)}=\"{Escape(Convert.ToString(label, CultureInfo.InvariantCulture) ?? "", isLabel: true)}\"");
        }

        var key = (NameOf(instrument), labels.Count == 0 ? "" : "{" + string.Join(',', labels) + "}");
        lock (_lock)
        {
            // Observable instruments and gauges tell the whole value, the others what is added to it.
            var (sum, count) = _values.GetValueOrDefault(key);
            _values[key] = instrument.IsObservable || IsGauge(instrument) ? (value, 1) : (sum + value, count + 1);
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    private static string NameOf(Instrument instrument) => Word(instrument.Name) + (TypeOf(instrument) == "counter" ? "_total" : "");

    private static string TypeOf(Instrument instrument) => instrument switch
    {
        Counter<int> or Counter<long> or Counter<double> or ObservableCounter<int> or ObservableCounter<long> or ObservableCounter<double> => "counter",
        _ when IsHistogram(instrument) => "summary",
        _ => "gauge",
    };

    private static bool IsHistogram(Instrument instrument) => instrument is Histogram<int> or Histogram<long> or Histogram<double>;

    private static bool IsGauge(Instrument instrument) => instrument is Gauge<int> or Gauge<long> or Gauge<double>;

    private static string Word(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Escape(string text, bool isLabel)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
