using System.Text;

namespace Nodepool.Cli;

/// <summary>
/// Standard error of a process that goes on when nobody listens any more: writing to a terminal that has been closed fails, and an orderly end
/// must not fail with it.
/// </summary>
internal sealed class ErrorWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Write(StringBuilder? value) => Try(() => inner.Write(value));

    public override void Flush() => Try(inner.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // Whoever was to read it has gone.
        }
    }
}
