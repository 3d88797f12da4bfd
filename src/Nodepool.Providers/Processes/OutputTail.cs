using System.Text;

namespace Nodepool.Providers.Processes;

/// <summary>The last bytes of an output. Not thread safe.</summary>
internal sealed class OutputTail
{
    /// <summary>Most bytes that <see cref="ToString"/> shows.</summary>
    public const int Limit = 4096;

    private readonly byte[] _bytes = new byte[2 * Limit];
    private int _count;
    private bool _cut;

    /// <summary>Adds output.</summary>
    public void Append(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length > Limit)
        {
            chunk = chunk[^Limit..];
            _cut = true;
        }

        if (_count + chunk.Length > _bytes.Length)
        {
            var keep = Limit;
            _bytes.AsSpan(_count - keep, keep).CopyTo(_bytes);
            _count = keep;
            _cut = true;
        }

        chunk.CopyTo(_bytes.AsSpan(_count));
        _count += chunk.Length;
    }

    /// <summary>The last lines, without a first one that was cut, trimmed.</summary>
    public override string ToString()
    {
        var bytes = _bytes.AsSpan(0, _count);
        var cut = _cut;
        if (bytes.Length > Limit)
        {
            bytes = bytes[^Limit..];
            cut = true;
        }

        var lineEnd = cut ? bytes.IndexOf((byte)'\n') : -1;
        return Encoding.UTF8.GetString(lineEnd >= 0 && lineEnd < bytes.Length - 1 ? bytes[(lineEnd + 1)..] : bytes).Trim();
    }
}
