using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// A build that is not to be uploaded to a provider again, because its content was found bad there. Stored in the build's record under
/// <c>withdrawn</c>, by provider: the upload's own record goes with the upload.
/// </summary>
/// <param name="Time">Since when, Unix seconds.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record Withdrawal(double Time, string Reason)
{
    internal static ValueMap<Withdrawal> ReadAll(RawJson byProvider)
    {
        if (byProvider.IsNull)
        {
            return ValueMap<Withdrawal>.Empty;
        }

        return new ValueMap<Withdrawal>(Members(byProvider).Select(member =>
        {
            var fields = Object(member.Value);
            return KeyValuePair.Create(member.Key, new Withdrawal(fields.Number("time"), fields.Text("reason") ?? "no reason was stored"));
        }));
    }

    internal static RawJson WriteAll(ValueMap<Withdrawal> byProvider) => RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var (provider, withdrawal) in byProvider)
        {
            writer.WriteStartObject(provider);
            writer.WriteNumber("time", withdrawal.Time);
            writer.WriteString("reason", withdrawal.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static ValueMap<RawJson> Members(RawJson value) => Object(value).Rest();

    private static JsonFields Object(RawJson value) => value.IsObject ? new JsonFields(value.Utf8) : throw new RecordFormatException("'withdrawn' holds no object of objects");
}
