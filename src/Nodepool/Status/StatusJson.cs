using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nodepool.Lists;

namespace Nodepool.Status;

/// <summary>The report for programs: one object with <c>problems</c>, a list of sentences, and the lists of the sections.</summary>
internal static class StatusJson
{
    /// <summary>The text, without a line feed at the end.</summary>
    public static string Write(StatusReport report, bool indented)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("problems");
            foreach (var problem in report.Problems)
            {
                writer.WriteStringValue(problem);
            }

            writer.WriteEndArray();
            foreach (var (_, field, table) in report.Sections)
            {
                writer.WritePropertyName(field);
                ListJson.Write(writer, table);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
