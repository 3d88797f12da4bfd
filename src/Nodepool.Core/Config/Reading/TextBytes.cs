using System.Text;
using System.Text.Unicode;

namespace Nodepool.Core.Config.Reading;

/// <summary>Turns the bytes of a file into text.</summary>
internal static class TextBytes
{
    /// <summary>The text, with replacement characters from the first wrong byte on; empty when there is too much of it.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, int most, out Failure? failure)
    {
        failure = null;
        if (bytes.Length > most)
        {
            failure = new Failure(0, $"the file has more than {most} bytes; that is no configuration");
            return "";
        }

        if (bytes is [0xFF, 0xFE, ..])
        {
            return Encoding.Unicode.GetString(bytes[2..]);
        }

        if (bytes is [0xFE, 0xFF, ..])
        {
            return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (!Utf8.IsValid(bytes))
        {
            var wrong = FirstWrongByte(bytes);
            var before = Encoding.UTF8.GetCharCount(bytes[..wrong]);
            failure = new Failure(before, $"the byte 0x{bytes[wrong]:X2} is not UTF-8; save the file as UTF-8 text");
        }

        return text;
    }

    private static int FirstWrongByte(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>Why the bytes are no text.</summary>
    /// <param name="Offset">In UTF-16 units of the text.</param>
    /// <param name="Message">For the operator.</param>
    public sealed record Failure(int Offset, string Message);
}
