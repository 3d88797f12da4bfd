using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Config.Templates;

/// <summary>
/// A text with fields in braces, as Python's <c>str.format</c> has them: <c>{request.requestor_data[zuul][0]!s:>10}</c>, braces
/// doubled where they are meant. Parsed and checked once. Immutable; compares by its text and what it may name.
/// </summary>
public sealed class FormatTemplate : IEquatable<FormatTemplate>
{
    private readonly string _text;
    private readonly FormatVocabulary _vocabulary;
    private readonly IReadOnlyList<FormatPiece> _pieces;

    private FormatTemplate(string text, FormatVocabulary vocabulary, IReadOnlyList<FormatPiece> pieces)
    {
        _text = text;
        _vocabulary = vocabulary;
        _pieces = pieces;
    }

    /// <summary>Reads and checks a text.</summary>
    /// <param name="text">The template.</param>
    /// <param name="vocabulary">The fields that it may name.</param>
    /// <param name="template">The template, when it is good.</param>
    /// <param name="complaint">What is wrong with it, when it is not.</param>
    public static bool TryParse(
        string text, FormatVocabulary vocabulary, [NotNullWhen(true)] out FormatTemplate? template, [NotNullWhen(false)] out Complaint? complaint)
    {
        try
        {
            template = new FormatTemplate(text, vocabulary, FormatParser.Parse(text, vocabulary));
            complaint = null;
            return true;
        }
        catch (FormatRefusal refusal)
        {
            (template, complaint) = (null, refusal.Complaint);
            return false;
        }
    }

    /// <summary>A template that is known to be good.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static FormatTemplate Parse(string text, FormatVocabulary vocabulary) =>
        TryParse(text, vocabulary, out var template, out var complaint) ? template : throw new FormatException(complaint.Message);

    /// <summary>The text with values in it.</summary>
    /// <param name="values">Values of the vocabulary's fields, see <see cref="FormatVocabulary"/>; a missing one counts as Python's <c>None</c>.</param>
    /// <exception cref="FormatException">A value does not have what the template looks for in it; the message names the field.</exception>
    public string Evaluate(ValueMap<JsonNode?> values)
    {
        var result = new StringBuilder();
        foreach (var piece in _pieces)
        {
            result.Append(piece.Literal).Append(piece.Field?.Evaluate(values));
        }

        return result.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(FormatTemplate? other) => other is not null && other._text == _text && other._vocabulary == _vocabulary;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FormatTemplate);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The template as it was written.</summary>
    public override string ToString() => _text;
}
