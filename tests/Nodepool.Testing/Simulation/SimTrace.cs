using System.Globalization;
using System.Text;

namespace Nodepool.Testing.Simulation;

/// <summary>What happened, one line per event. The last lines are kept, all of them on demand; the digest covers every line and every choice of the scheduler.</summary>
internal sealed class SimTrace(SimScheduler scheduler, TextWriter? full)
{
    private const int Kept = 400;
    private const ulong Prime = 1099511628211;

    private readonly Queue<string> _tail = new();

    /// <summary>FNV-1a over everything.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    public void Line(string process, string what)
    {
        var seconds = scheduler.Elapsed.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
        var line = $"{seconds,12} {process,-14} {what}";
        foreach (var c in line)
        {
            Mix(c);
        }

        full?.WriteLine(line);
        _tail.Enqueue(line);
        if (_tail.Count > Kept)
        {
            _tail.Dequeue();
        }
    }

    /// <summary>A choice of the scheduler: two runs that differ only in these would differ in their lines later.</summary>
    public void Choice(SimProcess process, int index)
    {
        Mix(process.Name[^1]);
        Mix((ulong)index);
        Mix((ulong)scheduler.Now.UtcTicks);
    }

    public string Tail()
    {
        var text = new StringBuilder();
        foreach (var line in _tail)
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }

    private void Mix(ulong value) => Digest = (Digest ^ value) * Prime;
}
