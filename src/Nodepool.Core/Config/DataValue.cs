using System.Text.Json;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>
/// A part of the file that is passed on as it is, such as the specification of a pod: what JSON can say. Immutable, compares by content.
/// Its text form names only the kind, because the content may hold secrets.
/// </summary>
public abstract record DataValue
{
    private DataValue()
    {
    }

    /// <summary>Writes the value as JSON.</summary>
    public abstract void WriteTo(Utf8JsonWriter json);

    /// <inheritdoc/>
    public sealed override string ToString() => GetType().Name;

    /// <summary>JSON's null.</summary>
    public sealed record Nothing : DataValue
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter json) => json.WriteNullValue();
    }

    /// <summary>True or false.</summary>
    /// <param name="Value">Which.</param>
    public sealed record Truth(bool Value) : DataValue
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter json) => json.WriteBooleanValue(Value);
    }

    /// <summary>A whole number.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Whole(long Value) : DataValue
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter json) => json.WriteNumberValue(Value);
    }

    /// <summary>A number that was written with a fraction; finite.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Fraction(double Value) : DataValue
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter json) => json.WriteNumberValue(Value);
    }

    /// <summary>A text.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : DataValue
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter json) => json.WriteStringValue(Value);
    }

    /// <summary>A list.</summary>
    /// <param name="Items">Its elements.</param>
    public sealed record Sequence(ValueList<DataValue> Items) : DataValue
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter json)
        {
            json.WriteStartArray();
            foreach (var item in Items)
            {
                item.WriteTo(json);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>An object of JSON.</summary>
    /// <param name="Entries">Its members, in file order.</param>
    public sealed record Mapping(ValueMap<DataValue> Entries) : DataValue
    {
        /// <inheritdoc/>
        public override void WriteTo(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            foreach (var (name, value) in Entries)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }
    }
}
