namespace Nodepool.Core.Config;

/// <summary>A text that no log, list, page or exception may show: printing it, also as part of a record, gives three stars.</summary>
public sealed record Secret
{
    private readonly string _text;

    /// <summary>Keeps a text.</summary>
    public Secret(string text) => _text = text;

    /// <summary>The text, for the one call that needs it.</summary>
    public string Reveal() => _text;

    /// <inheritdoc/>
    public override string ToString() => "***";
}
