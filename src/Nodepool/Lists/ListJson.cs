using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nodepool.Lists;

/// <summary>Writes a list as a JSON array of objects with the fields of the web lists.</summary>
internal static class ListJson
{
    /// <summary>The text, without a line feed at the end.</summary>
    public static string Write(ListTable table, bool indented)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, table);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Writes the array where a writer stands.</summary>
    public static void Write(Utf8JsonWriter writer, ListTable table)
    {
        writer.WriteStartArray();
        foreach (var row in table.Rows)
        {
            writer.WriteStartObject();
            foreach (var (field, cell) in table.Fields.Zip(row))
            {
                writer.WritePropertyName(field);
                writer.WriteRawValue(cell.Json.Utf8);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
