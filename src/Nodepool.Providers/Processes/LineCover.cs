using System.Text;

namespace Nodepool.Providers.Processes;

/// <summary>
/// Lets the lines of an output through one by one, changed by a function. A carriage return ends a line as well, so that a progress bar is seen while it
/// moves. A line that the function does not change keeps its bytes, whatever they are. Not thread safe.
/// </summary>
/// <param name="cover">Gets a line without its end.</param>
internal sealed class LineCover(Func<string, string> cover)
{
    // Beyond this it is no text; memory has to end somewhere.
    private const int LongestLine = 1 << 20;

    private readonly List<byte> _line = [];

    /// <summary>Takes what comes.</summary>
    /// <returns>What may be shown of it and of what was held back before.</returns>
    public byte[] Take(ReadOnlySpan<byte> chunk)
    {
        var shown = new List<byte>(chunk.Length + _line.Count);
        foreach (var value in chunk)
        {
            var isEnd = value is (byte)'\n' or (byte)'\r';
            if (!isEnd)
            {
                _line.Add(value);
            }

            if (isEnd || _line.Count >= LongestLine)
            {
                shown.AddRange(Finish());
            }

            if (isEnd)
            {
                shown.Add(value);
            }
        }

        return [.. shown];
    }

    /// <summary>The line that has not ended, when nothing follows.</summary>
    public byte[] Finish()
    {
        byte[] bytes = [.. _line];
        _line.Clear();
        var text = Encoding.UTF8.GetString(bytes);
        var covered = cover(text);
        return covered == text ? bytes : Encoding.UTF8.GetBytes(covered);
    }
}
