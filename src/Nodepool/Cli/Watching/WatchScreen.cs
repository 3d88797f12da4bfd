using System.Text;

namespace Nodepool.Cli.Watching;

/// <summary>
/// For a person at a terminal: draws each picture over the last one on the alternate screen, so that what was there before is there again
/// afterwards. Lines that are longer than the terminal end at its edge; lines that do not fit below are counted.
/// </summary>
internal sealed class WatchScreen : IWatchOutput
{
    /// <summary>Alternate screen, no cursor, no wrapping.</summary>
    private const string Enter = "\e[?1049h\e[?25l\e[?7l";
    private const string Leave = "\e[?7h\e[?25h\e[?1049l";

    private readonly CliWorld _world;
    private readonly string _title;
    private readonly IDisposable _listening;
    private readonly Action _redraw;
    private readonly Lock _lock = new();
    private bool _isShown;

    /// <param name="world">The terminal.</param>
    /// <param name="title">The head line: what is watched.</param>
    /// <param name="redraw">Asks for the next picture now.</param>
    public WatchScreen(CliWorld world, string title, Action redraw)
    {
        (_world, _title, _redraw) = (world, title, redraw);
        Switch(isShown: true);
        _listening = world.ListenToTerminal(OnEvent);
    }

    public void Show(Picture picture)
    {
        var (_, rows) = _world.TerminalSize();
        var lines = picture.Text.TrimEnd('\n').Split('\n');
        var room = Math.Max(1, rows - 2);
        var text = new StringBuilder("\e[H").Append("\e[2m").Append(_title).Append("  ")
            .Append(TimeZoneInfo.ConvertTime(_world.Sources.Time.GetUtcNow(), _world.Sources.Time.LocalTimeZone).ToString("HH:mm:ss", null)).Append("  Ctrl-C ends\e[0m\e[K\r\n\e[K");
        foreach (var line in lines.Take(lines.Length > room ? room - 1 : room))
        {
            text.Append("\r\n").Append(line).Append("\e[0m\e[K");
        }

        if (lines.Length > room)
        {
            text.Append("\r\n\e[2m").Append(lines.Length - room + 1).Append(" more lines do not fit\e[0m\e[K");
        }

        lock (_lock)
        {
            if (_isShown)
            {
                _world.Out.Write(text.Append("\e[J").ToString());
                _world.Out.Flush();
            }
        }
    }

    public void Dispose()
    {
        _listening.Dispose();
        Switch(isShown: false);
    }

    private void OnEvent(TerminalEvent what)
    {
        if (what != TerminalEvent.Resized)
        {
            Switch(what == TerminalEvent.Resumed);
        }

        _redraw();
    }

    private void Switch(bool isShown)
    {
        lock (_lock)
        {
            if (_isShown != isShown)
            {
                _isShown = isShown;
                _world.Out.Write(isShown ? Enter : Leave);
                _world.Out.Flush();
            }
        }
    }
}
