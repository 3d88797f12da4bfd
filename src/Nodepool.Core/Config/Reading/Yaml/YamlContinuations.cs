namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>
/// Finds what PyYAML reads and the parser refuses: lines that continue brackets or quotes and are indented no deeper than the key
/// that they belong to, and a lone <c>-</c> in brackets. Knows of YAML only where brackets and quotes begin and end; what it takes
/// for one by mistake is found out by <see cref="YamlRewrite"/>.
/// </summary>
internal sealed class YamlContinuations
{
    private readonly string _input;
    private readonly List<YamlInsertion> _found = [];
    private int _at;
    private int _indent;

    private YamlContinuations(string input) => _input = input;

    private char Current => At(_at);

    /// <summary>What makes the text readable, in the order of the text.</summary>
    public static List<YamlInsertion> Find(string input)
    {
        var scan = new YamlContinuations(input);
        while (scan._at < input.Length)
        {
            scan.Line();
        }

        return scan._found;
    }

    /// <summary>A line in the indented style, with all lines that its brackets and quotes go on to.</summary>
    private void Line()
    {
        var start = _at;
        var isPrefix = true;
        _indent = 0;
        for (SkipBlanks(); !IsBreak(Current); SkipBlanks())
        {
            var isIndicator = Current is '-' or '?' or ':' && IsSpace(At(_at + 1));
            if (isPrefix && Current is not ('|' or '>'))
            {
                _indent = _at - start;
                isPrefix = isIndicator;
            }

            Token(isIndicator);
        }

        SkipBreak();
    }

    private void Token(bool isIndicator)
    {
        switch (Current)
        {
            case '#':
                SkipToBreak();
                break;
            case '[' or '{':
                Brackets();
                break;
            case '"' or '\'':
                Quotes();
                break;
            case '&' or '*' or '!':
                SkipWord();
                break;
            case '|' or '>' when TryBlockText():
                break;
            default:
                _at++;
                if (!isIndicator)
                {
                    Plain();
                }

                break;
        }
    }

    /// <summary>A text after a bar or a greater-than sign: all lines that are indented deeper.</summary>
    private bool TryBlockText()
    {
        var at = _at + 1;
        while (At(at) is '+' or '-' or (>= '0' and <= '9'))
        {
            at++;
        }

        if (!IsSpace(At(at)))
        {
            return false;
        }

        SkipToBreak();
        while (_at < _input.Length)
        {
            var line = _at;
            SkipBreak();
            var width = WidthOfIndent();
            if (!IsBreak(At(_at + width)) && width <= _indent)
            {
                _at = line;
                break;
            }

            SkipToBreak();
        }

        return true;
    }

    private void Brackets()
    {
        var before = _found.Count;
        var depth = 0;
        var inWord = false;
        do
        {
            switch (Current)
            {
                case '[' or '{' or ']' or '}':
                    depth += Current is '[' or '{' ? 1 : -1;
                    inWord = false;
                    _at++;
                    break;
                case '"' or '\'' when !inWord:
                    Quotes();
                    break;
                case '&' or '*' or '!' when !inWord:
                    SkipWord();
                    break;
                case '#' when IsSpace(At(_at - 1)):
                    SkipToBreak();
                    break;
                case '\n' or '\r':
                    NextLine();
                    break;
                case '-' when !inWord && At(_at + 1) is ',' or ']' or '}':
                    _found.Add(new YamlInsertion(_at, "'"));
                    _found.Add(new YamlInsertion(++_at, "'"));
                    break;
                default:
                    inWord = inWord ? !EndsWord() : !IsSpace(Current) && Current is not (',' or ':' or '?');
                    _at++;
                    break;
            }
        }
        while (depth > 0 && _at < _input.Length);
        Forget(before, isOpen: depth > 0);
    }

    private bool EndsWord() => Current == ',' || (Current == ':' && (IsSpace(At(_at + 1)) || IsSign(At(_at + 1))));

    private void Quotes()
    {
        var before = _found.Count;
        var quote = Current;
        for (_at++; _at < _input.Length;)
        {
            if (IsBreak(Current))
            {
                NextLine();
            }
            else if (Current == quote && At(_at + 1) == quote && quote == '\'')
            {
                _at += 2;
            }
            else if (Current == quote)
            {
                _at++;
                return;
            }
            else
            {
                _at += Current == '\\' && quote == '"' && !IsBreak(At(_at + 1)) ? 2 : 1;
            }
        }

        Forget(before, isOpen: true);
    }

    /// <summary>What is never closed is an error, and shall be found where it is.</summary>
    private void Forget(int before, bool isOpen)
    {
        if (isOpen)
        {
            _found.RemoveRange(before, _found.Count - before);
            _at = _input.Length;
        }
    }

    private void NextLine()
    {
        SkipBreak();
        var width = WidthOfIndent();
        if (width <= _indent && !IsBreak(At(_at + width)) && !IsMarker())
        {
            _found.Add(new YamlInsertion(_at, new string(' ', _indent + 1 - width)));
        }
    }

    /// <summary>A line that ends the document wherever it is.</summary>
    private bool IsMarker() =>
        IsSpace(At(_at + 3)) && (string.CompareOrdinal(_input, _at, "---", 0, 3) == 0 || string.CompareOrdinal(_input, _at, "...", 0, 3) == 0);

    private int WidthOfIndent()
    {
        var width = _input.AsSpan(_at).IndexOfAnyExcept(' ');
        return width < 0 ? _input.Length - _at : width;
    }

    /// <summary>A value without quotes, which lines that are indented deeper than its key go on.</summary>
    private void Plain()
    {
        for (var width = 0; ; _at += width)
        {
            while (!IsBreak(Current) && !(Current == ':' && IsSpace(At(_at + 1))) && !(Current == '#' && IsSpace(At(_at - 1))))
            {
                _at++;
            }

            var end = _at;
            if (!IsBreak(Current) || end >= _input.Length)
            {
                return;
            }

            SkipBreak();
            width = WidthOfIndent();
            if (width <= _indent || IsBreak(At(_at + width)))
            {
                _at = end;
                return;
            }
        }
    }

    private void SkipWord()
    {
        for (_at++; !IsSpace(Current) && !IsSign(Current); _at++)
        {
        }
    }

    private void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            _at++;
        }
    }

    private void SkipToBreak()
    {
        while (!IsBreak(Current))
        {
            _at++;
        }
    }

    private void SkipBreak() => _at = Math.Min(_input.Length, _at + (Current == '\r' && At(_at + 1) == '\n' ? 2 : 1));

    /// <summary>A character of the text; NUL, which YAML has not, beyond its end.</summary>
    private char At(int offset) => offset >= 0 && offset < _input.Length ? _input[offset] : '\0';

    private static bool IsBreak(char c) => c is '\n' or '\r' or '\0';

    private static bool IsSpace(char c) => c is ' ' or '\t' || IsBreak(c);

    private static bool IsSign(char c) => c is ',' or '[' or ']' or '{' or '}';
}
