using System.Text;
using System.Text.Json;

namespace Nodepool.Core.Model.Json;

/// <summary>
/// A JSON value exactly as somebody else wrote it: numbers of any size and text of any content survive being stored again.
/// (Zuul's 128-bit trace ids would not survive a number type.) Compares by its bytes.
/// </summary>
public readonly struct RawJson : IEquatable<RawJson>
{
    private readonly byte[]? _utf8;

    private RawJson(byte[] utf8) => _utf8 = utf8;

    /// <summary>JSON <c>null</c>; also the default value.</summary>
    public static RawJson Null => default;

    /// <summary>Whether this is JSON <c>null</c>.</summary>
    public bool IsNull => _utf8 is null;

    /// <summary>The value as UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8 ?? "null"u8;

    /// <summary>Takes a valid JSON value; the bytes are copied.</summary>
    public static RawJson FromUtf8(ReadOnlySpan<byte> utf8) => utf8.SequenceEqual("null"u8) ? default : new RawJson(utf8.ToArray());

    /// <summary>A JSON string, or null.</summary>
    public static RawJson FromText(string? text) =>
        text is null ? default : Build(writer => writer.WriteStringValue(text));

    /// <summary>A JSON number.</summary>
    public static RawJson FromNumber(long number) => Build(writer => writer.WriteNumberValue(number));

    /// <summary>What a writer writes.</summary>
    public static RawJson Build(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonFields.WriterOptions))
        {
            write(writer);
        }

        return FromUtf8(buffer.WrittenSpan);
    }

    /// <summary>The text of a JSON string; null for anything else.</summary>
    public string? AsText()
    {
        var reader = new Utf8JsonReader(Utf8);
        return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    /// <summary>The value of an integral JSON number that fits; null for anything else.</summary>
    public long? AsNumber()
    {
        var reader = new Utf8JsonReader(Utf8);
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
    }

    /// <summary>Whether this is a JSON object.</summary>
    public bool IsObject => _utf8 is [(byte)'{', ..];

    /// <inheritdoc/>
    public bool Equals(RawJson other) => Utf8.SequenceEqual(other.Utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RawJson other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8);
        return hash.ToHashCode();
    }

    /// <summary>The JSON text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Utf8);

    /// <summary>Compares by bytes.</summary>
    public static bool operator ==(RawJson left, RawJson right) => left.Equals(right);

    /// <summary>Compares by bytes.</summary>
    public static bool operator !=(RawJson left, RawJson right) => !left.Equals(right);
}
