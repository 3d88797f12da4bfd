using System.Globalization;
using System.Text.Json;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>Writes the body that makes an image without data.</summary>
internal static class NewImage
{
    private static readonly string[] Numbers = ["min_disk", "min_ram"];
    private static readonly string[] Truths = ["protected", "os_hidden"];

    /// <param name="name">Its name.</param>
    /// <param name="format">Ending of the file that it is made from, which is Glance's word for the format too.</param>
    /// <param name="metadata">Properties; may name attributes of Glance's own, such as <c>visibility</c> or <c>min_disk</c>.</param>
    public static ReadOnlyMemory<byte> Write(string name, string format, ValueMap<string> metadata)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            foreach (var (key, value) in Attributes(format).Concat(metadata).GroupBy(pair => pair.Key, (_, same) => same.Last()))
            {
                WriteOne(json, key, value);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>What metadata may say otherwise. Images of Xen's hosts come as archives.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Attributes(string format) =>
        [new("disk_format", format), new("container_format", format == "vhd" ? "ovf" : "bare"), new("visibility", "private")];

    private static void WriteOne(Utf8JsonWriter json, string key, string value)
    {
        if (Numbers.Contains(key) && long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber(key, number);
        }
        else if (Truths.Contains(key) && bool.TryParse(value, out var truth))
        {
            json.WriteBoolean(key, truth);
        }
        else if (key != "name")
        {
            json.WriteString(key, value);
        }
    }
}
