using System.Text.Encodings.Web;
using System.Text.Json;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Model.Json;

/// <summary>
/// The members of one stored JSON object while a record is read from it. Each getter takes its member out; what is left at the end is
/// unknown to us and kept with the record.
/// </summary>
internal sealed class JsonFields
{
    /// <summary>Stored JSON is UTF-8 for programs, never part of a page: nothing but what JSON itself demands is escaped.</summary>
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly OrderedDictionary<string, RawJson> _members = new(StringComparer.Ordinal);

    /// <summary>Reads an object.</summary>
    /// <exception cref="RecordFormatException">Not a JSON object.</exception>
    public JsonFields(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new RecordFormatException("not a JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                _members[name] = RawJson.FromUtf8(utf8[start..(int)reader.BytesConsumed]);
            }
        }
        catch (JsonException e)
        {
            throw new RecordFormatException($"not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Whatever is there, or null.</summary>
    public RawJson Raw(string name) => _members.Remove(name, out var value) ? value : RawJson.Null;

    /// <summary>A string, or null.</summary>
    public string? Text(string name)
    {
        var value = Raw(name);
        return value.IsNull ? null : value.AsText() ?? throw Wrong(name, value, "a string");
    }

    /// <summary>A number; <paramref name="fallback"/> when absent or null.</summary>
    public double Number(string name, double fallback = 0)
    {
        var value = Raw(name);
        if (value.IsNull)
        {
            return fallback;
        }

        var reader = new Utf8JsonReader(value.Utf8);
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number)
            ? number
            : throw Wrong(name, value, "a number");
    }

    /// <summary>A number, or null.</summary>
    public double? OptionalNumber(string name) => _members.TryGetValue(name, out var value) && !value.IsNull ? Number(name) : Absent(name);

    /// <summary>An integer; <paramref name="fallback"/> when absent or null. Python writes some of them as floats.</summary>
    public int Int(string name, int fallback = 0) => OptionalInt(name) ?? fallback;

    /// <summary>An integer, or null.</summary>
    public int? OptionalInt(string name)
    {
        var number = OptionalNumber(name);
        return number is null ? null
            : number >= int.MinValue && number <= int.MaxValue ? (int)number
            : throw new RecordFormatException($"'{name}' is out of range: {number}");
    }

    /// <summary>A truth value; <paramref name="fallback"/> when absent or null.</summary>
    public bool Bool(string name, bool fallback)
    {
        var value = Raw(name);
        return value.IsNull ? fallback
            : value.Utf8.SequenceEqual("true"u8) ? true
            : value.Utf8.SequenceEqual("false"u8) ? false
            : throw Wrong(name, value, "true or false");
    }

    /// <summary>A list of strings; empty when absent or null; a plain string (data of old versions) is a list of one.</summary>
    public ValueList<string> Texts(string name)
    {
        var value = Raw(name);
        if (value.IsNull)
        {
            return [];
        }

        if (value.AsText() is { } single)
        {
            return [single];
        }

        var reader = new Utf8JsonReader(value.Utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw Wrong(name, value, "a list of strings");
        }

        var items = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Wrong(name, value, "a list of strings"));
        }

        return items.ToValueList();
    }

    /// <summary>An object of whole numbers, or null.</summary>
    public ValueMap<long>? Numbers(string name)
    {
        var value = Raw(name);
        if (value.IsNull)
        {
            return null;
        }

        var inner = new JsonFields(value.IsObject ? value.Utf8 : throw Wrong(name, value, "an object of numbers"));
        string[] names = [.. inner._members.Keys];
        return new ValueMap<long>(names.Select(member => KeyValuePair.Create(member, (long)inner.Number(member))));
    }

    /// <summary>What nobody has asked for.</summary>
    public ValueMap<RawJson> Rest() => _members.Count == 0 ? ValueMap<RawJson>.Empty : new ValueMap<RawJson>(_members);

    private double? Absent(string name)
    {
        _members.Remove(name);
        return null;
    }

    private static RecordFormatException Wrong(string name, RawJson value, string expected)
    {
        var text = value.ToString();
        return new RecordFormatException($"'{name}' holds {(text.Length > 40 ? text[..40] + "…" : text)} instead of {expected}");
    }
}
