using Nodepool.Logging;

namespace Nodepool.Cli;

/// <summary>
/// Tells on standard error how something goes on, with the time since its beginning. On a terminal the last line shows the time running;
/// elsewhere a line is written when the text changes, and again now and then for whoever wonders whether it still lives.
/// </summary>
internal sealed class ProgressLine(CliWorld world)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(15);

    private readonly long _start = world.Sources.Time.GetTimestamp();
    private string _text = "";
    private TimeSpan _shownAt;

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Elapsed => world.Sources.Time.GetElapsedTime(_start);

    /// <summary>When <see cref="Show"/> wants to be called again though nothing has changed.</summary>
    public TimeSpan UntilNext => _shownAt + (world.ErrorIsTerminal ? Second : Reminder) - Elapsed;

    /// <summary>Shows what is going on.</summary>
    public void Show(string text)
    {
        if (text == _text && UntilNext > TimeSpan.Zero)
        {
            return;
        }

        if (text != _text)
        {
            End();
        }

        (_text, _shownAt) = (text, Elapsed);
        var line = $"{_shownAt.TotalSeconds,5:0} s  {Printable.Line(text)}";
        if (world.ErrorIsTerminal)
        {
            // A terminal that does not know its size says 0.
            var width = (world.TerminalSize().Columns is > 0 and var columns ? columns : 80) - 1;
            world.Error.Write($"\r\e[K{(line.Length > width ? line[..Math.Max(0, width - 1)] + "…" : line)}");
        }
        else
        {
            world.Error.WriteLine(line);
        }
    }

    /// <summary>Writes a line that stays.</summary>
    public void Tell(string text)
    {
        End();
        world.Error.WriteLine($"{Elapsed.TotalSeconds,5:0} s  {Printable.Line(text)}");
    }

    /// <summary>Nothing more comes: the line that is shown stays as it is.</summary>
    public void End()
    {
        if (_text.Length > 0 && world.ErrorIsTerminal)
        {
            world.Error.WriteLine();
        }

        _text = "";
    }
}
