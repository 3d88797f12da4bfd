using System.Buffers;
using System.Text.Json;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Model.Json;

/// <summary>Writes one record as a JSON object: every known member, null or not (Zuul's readers need the keys), then the unknown ones.</summary>
internal sealed class JsonRecordWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonRecordWriter()
    {
        _writer = new Utf8JsonWriter(_buffer, JsonFields.WriterOptions);
        _writer.WriteStartObject();
    }

    public JsonRecordWriter Text(string name, string? value)
    {
        _writer.WriteString(name, value);
        return this;
    }

    public JsonRecordWriter Number(string name, double? value)
    {
        if (value is null)
        {
            _writer.WriteNull(name);
        }
        else
        {
            _writer.WriteNumber(name, value.Value);
        }

        return this;
    }

    public JsonRecordWriter Int(string name, long? value)
    {
        if (value is null)
        {
            _writer.WriteNull(name);
        }
        else
        {
            _writer.WriteNumber(name, value.Value);
        }

        return this;
    }

    public JsonRecordWriter Bool(string name, bool value)
    {
        _writer.WriteBoolean(name, value);
        return this;
    }

    public JsonRecordWriter Raw(string name, RawJson value)
    {
        _writer.WritePropertyName(name);
        _writer.WriteRawValue(value.Utf8, skipInputValidation: true);
        return this;
    }

    public JsonRecordWriter Texts(string name, ValueList<string> values)
    {
        _writer.WriteStartArray(name);
        foreach (var value in values)
        {
            _writer.WriteStringValue(value);
        }

        _writer.WriteEndArray();
        return this;
    }

    public JsonRecordWriter Numbers(string name, ValueMap<long>? values)
    {
        if (values is null)
        {
            _writer.WriteNull(name);
            return this;
        }

        _writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            _writer.WriteNumber(key, value);
        }

        _writer.WriteEndObject();
        return this;
    }

    /// <summary>Closes the object after the unknown members.</summary>
    public ReadOnlyMemory<byte> Finish(ValueMap<RawJson> unknown)
    {
        foreach (var (name, value) in unknown)
        {
            Raw(name, value);
        }

        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _writer.Dispose();
}
