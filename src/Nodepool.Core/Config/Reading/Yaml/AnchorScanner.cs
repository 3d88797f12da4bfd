using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>
/// Keeps the anchors of single values inside braces from the parser, which refuses <c>{a: &amp;x 1, b: 2}</c>, and remembers them for
/// the loader.
/// </summary>
internal sealed class AnchorScanner(TextReader input) : IScanner
{
    private readonly Scanner _scanner = new(input);
    private readonly Stack<bool> _braces = new();
    private readonly Dictionary<long, string> _kept = [];
    private Token? _next;
    private bool _isAhead;

    /// <inheritdoc/>
    public Mark CurrentPosition => _scanner.CurrentPosition;

    /// <inheritdoc/>
    public Token? Current { get; private set; }

    /// <summary>The name of the anchor before the value that begins at an offset, if it was kept back.</summary>
    public string? AnchorAt(long offset) => _kept.GetValueOrDefault(offset);

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (Current is not null)
        {
            ConsumeCurrent();
        }

        return MoveNextWithoutConsuming();
    }

    /// <inheritdoc/>
    public bool MoveNextWithoutConsuming()
    {
        if (_next is { } next)
        {
            (Current, _next) = (next, null);
            return true;
        }

        var isMore = Fetch();
        if (isMore && Current is Anchor anchor && _braces.TryPeek(out var inBraces) && inBraces)
        {
            _scanner.ConsumeCurrent();
            isMore = Fetch();
            if (Current is Scalar)
            {
                _kept[Current.Start.Index] = anchor.Value.Value;
            }
            else
            {
                (Current, _next, _isAhead) = (anchor, Current, true);
            }
        }

        return isMore;
    }

    /// <inheritdoc/>
    public void ConsumeCurrent()
    {
        if (!_isAhead)
        {
            _scanner.ConsumeCurrent();
        }

        (Current, _isAhead) = (null, false);
    }

    private bool Fetch()
    {
        var isMore = _scanner.MoveNextWithoutConsuming();
        Current = _scanner.Current;
        switch (Current)
        {
            case FlowMappingStart or FlowSequenceStart:
                _braces.Push(Current is FlowMappingStart);
                break;
            case FlowMappingEnd or FlowSequenceEnd:
                _braces.TryPop(out _);
                break;
        }

        return isMore;
    }
}
