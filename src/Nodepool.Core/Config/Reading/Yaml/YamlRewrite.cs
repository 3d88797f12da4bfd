using System.Text;

namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>
/// A text with the pieces put in that the parser wants and PyYAML does not; see <see cref="YamlContinuations"/>. Keeps where every
/// piece went, so that places refer to the text before, and checks against what the parser read that no piece changed a meaning.
/// </summary>
internal sealed class YamlRewrite
{
    private readonly List<YamlInsertion> _insertions;
    private readonly List<TextSpan> _pieces = [];
    private int _confirmed;
    private bool _isDoubtful;

    private YamlRewrite(string original, List<YamlInsertion> insertions, int length)
    {
        _insertions = insertions;
        var result = new StringBuilder(original, original.Length + length);
        result.Clear();
        var copied = 0;
        foreach (var (at, text) in insertions)
        {
            result.Append(original, copied, at - copied);
            _pieces.Add(new TextSpan(result.Length, result.Length + text.Length));
            result.Append(text);
            copied = at;
        }

        Result = result.Append(original, copied, original.Length - copied).ToString();
    }

    /// <summary>The text with the pieces.</summary>
    public string Result { get; }

    /// <summary>All pieces stand where they mean nothing.</summary>
    public bool IsConfirmed => !_isDoubtful && _confirmed == _pieces.Count;

    /// <summary>No piece was seen yet that stands where it means something.</summary>
    public bool IsPlausible => !_isDoubtful;

    /// <summary>The text made readable; the same text when it would become longer than any text may be.</summary>
    public static YamlRewrite Of(string original)
    {
        var insertions = YamlContinuations.Find(original);
        var length = insertions.Sum(insertion => (long)insertion.Text.Length);
        return length > YamlLimits.Length ? new YamlRewrite(original, [], 0) : new YamlRewrite(original, insertions, (int)length);
    }

    /// <summary>The offset in the original that an offset in the result stems from.</summary>
    public int ToOriginal(int offset)
    {
        var (low, high) = (0, _pieces.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _pieces[middle].Start <= offset ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? offset : _insertions[low - 1].At + Math.Max(0, offset - _pieces[low - 1].End);
    }

    /// <summary>
    /// The parser met brackets or quotes: pieces between them are well placed, pieces before them that were not confirmed are not. To be
    /// called in the order of the text.
    /// </summary>
    /// <param name="inside">From the opening to the closing sign, in the result.</param>
    public void Confirm(TextSpan inside)
    {
        for (; _confirmed < _pieces.Count && _pieces[_confirmed].Start < inside.End; _confirmed++)
        {
            _isDoubtful |= _pieces[_confirmed].Start <= inside.Start;
        }
    }
}
