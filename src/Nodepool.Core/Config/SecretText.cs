namespace Nodepool.Core.Config;

/// <summary>A secret of a configuration: compares by value and shows itself nowhere, so that a record that holds it can be printed.</summary>
/// <param name="value">The secret.</param>
public sealed class SecretText(string value) : IEquatable<SecretText>
{
    private readonly string _value = value;

    /// <summary>The secret itself, for the one call that needs it.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public bool Equals(SecretText? other) => other is not null && other._value == _value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretText);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_value);

    /// <summary>Never the secret.</summary>
    public override string ToString() => "(secret)";
}
