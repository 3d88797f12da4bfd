using System.Text.Json;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// What makes a node one whose slots are nodes of another provider (driver <c>metastatic</c>): stored in its <c>user_data</c>, as Python writes it
/// an object inside a JSON string.
/// </summary>
/// <param name="Owner">Who has it, see <see cref="OwnerOf"/>.</param>
/// <param name="Label">The label that it was asked for.</param>
/// <param name="Slots">Nodes that it can be at the same time.</param>
/// <param name="HasFailed">It gets no new nodes, and is given back as soon as it has none.</param>
/// <param name="Launched">When it was taken, Unix seconds.</param>
public sealed record BackingRecord(string Owner, string Label, int Slots, bool HasFailed, double Launched)
{
    private const string OwnerPrefix = "NodePool:metastatic:";

    /// <summary>What a provider signs its requests, locks and backing nodes with.</summary>
    public static string OwnerOf(string provider) => OwnerPrefix + provider;

    /// <summary>Reads it from <c>user_data</c>; null when that is something else.</summary>
    internal static BackingRecord? Read(RawJson userData)
    {
        // Clients store what they like: an object of Zuul's is the rule.
        if (userData.Utf8 is not [(byte)'"', ..] || userData.AsText() is not ['{', ..] text || !text.Contains(OwnerPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var fields = new JsonFields(System.Text.Encoding.UTF8.GetBytes(text));
            return fields.Text("owner") is { } owner && owner.StartsWith(OwnerPrefix, StringComparison.Ordinal) && fields.Text("label") is { } label
                ? new BackingRecord(owner, label, fields.Int("slots", 1), fields.Bool("failed", false), fields.Number("launched"))
                : null;
        }
        catch (Exception e) when (e is RecordFormatException or JsonException)
        {
            return null;
        }
    }

    internal RawJson Write() => RawJson.FromText(RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("owner", Owner);
        writer.WriteString("label", Label);
        writer.WriteNumber("slots", Slots);
        writer.WriteBoolean("failed", HasFailed);
        writer.WriteNumber("launched", Launched);
        writer.WriteEndObject();
    }).ToString());
}
