using System.Text;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Config.Templates;

/// <summary>Parses templates. Positions in messages are 1-based characters.</summary>
internal sealed class FormatParser
{
    private readonly string _text;
    private readonly FormatVocabulary _vocabulary;
    private int _at;

    private FormatParser(string text, FormatVocabulary vocabulary)
    {
        _text = text;
        _vocabulary = vocabulary;
    }

    /// <exception cref="FormatRefusal">The text is no template.</exception>
    public static IReadOnlyList<FormatPiece> Parse(string text, FormatVocabulary vocabulary)
    {
        var parser = new FormatParser(text, vocabulary);
        var pieces = new List<FormatPiece>();
        while (parser._at < text.Length)
        {
            pieces.Add(new FormatPiece(parser.ReadLiteral(), parser.ReadField()));
        }

        return pieces;
    }

    private string ReadLiteral()
    {
        var literal = new StringBuilder();
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            var isDoubled = c is '{' or '}' && _at + 1 < _text.Length && _text[_at + 1] == c;
            if (c == '{' && !isDoubled)
            {
                break;
            }

            if (c == '}' && !isDoubled)
            {
                throw new FormatRefusal($"the '}}' at character {_at + 1} closes nothing; write '}}}}' for a brace");
            }

            literal.Append(c);
            _at += isDoubled ? 1 : 0;
        }

        return literal.ToString();
    }

    private FormatField? ReadField()
    {
        if (_at >= _text.Length)
        {
            return null;
        }

        var opening = _at++;
        var name = ReadUntil(opening, "[]!:{}");
        if (!_vocabulary.Fields.TryGetValue(name, out var shape))
        {
            throw new FormatRefusal(Complaint.OfName(
                $"no field {Wording.Quote(name)} at character {opening + 1}", name, _vocabulary.Fields.Keys, "fields here", "; write '{{' for a brace"));
        }

        var indexes = new List<string>();
        while (Peek(opening) == '[')
        {
            _at++;
            var index = ReadUntil(opening, "]");
            _at++;
            if (index.Length == 0)
            {
                throw new FormatRefusal($"nothing is between the '[' and ']' before character {_at + 1}");
            }

            indexes.Add(index);
        }

        var field = new FormatField(name, indexes.ToValueList(), ReadConversion(opening), ReadSpec(opening));
        if (Peek(opening) != '}')
        {
            throw new FormatRefusal($"a '}}' expected at character {_at + 1}, found {Wording.Quote(_text[_at].ToString())}");
        }

        _at++;
        return FormatChecks.Complain(field, shape) is { } complaint ? throw new FormatRefusal(complaint) : field;
    }

    private char? ReadConversion(int opening)
    {
        if (Peek(opening) != '!')
        {
            return null;
        }

        _at++;
        var conversion = ReadUntil(opening, ":}");
        return conversion is "s" or "r" or "a"
            ? conversion[0]
            : throw new FormatRefusal(Complaint.OfValue("one of !s, !r, !a", $"found {Wording.Quote("!" + conversion)}"));
    }

    private FormatSpec? ReadSpec(int opening)
    {
        if (Peek(opening) != ':')
        {
            return null;
        }

        _at++;
        var text = ReadUntil(opening, "{}");
        return FormatSpec.Parse(text)
            ?? throw new FormatRefusal(
                $"{Wording.Quote(":" + text)} is no format that is understood here: [[fill]align][sign][0][width][,][.precision][type] with type s, d, x, X, f");
    }

    private string ReadUntil(int opening, string ends)
    {
        var start = _at;
        while (!ends.Contains(Peek(opening)))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private char Peek(int opening) =>
        _at < _text.Length ? _text[_at] : throw new FormatRefusal($"the '{{' at character {opening + 1} is never closed; write '{{{{' for a brace");
}
