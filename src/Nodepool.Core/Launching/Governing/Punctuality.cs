namespace Nodepool.Core.Launching.Governing;

/// <summary>
/// Whether launches end when they are expected to. When most do not, either too many are under way, then fewer take less time and as many get ready; or the cloud is slow for reasons of
/// its own, then fewer only make it worse. Nobody says which, so it is tried: cuts that do not help are taken back, and more is taken for usual from then on.
/// </summary>
/// <param name="limit">What is cut.</param>
internal sealed class Punctuality(ConcurrencyLimit limit)
{
    /// <summary>So many launches are judged together.</summary>
    private const int Sample = 12;

    private const double Keep = 0.6;

    /// <summary>So many cuts one after the other are tried.</summary>
    private const int MostCuts = 3;

    private const double MostTolerance = 16;

    private readonly Queue<bool> _late = new();
    private int _cuts;

    /// <summary>By how many times more than at first a launch may take longer than others before it is late.</summary>
    public double Tolerance { get; private set; } = 1;

    /// <summary>Most of the last launches are late.</summary>
    public bool IsPoor => _late.Count >= Sample / 2 && _late.Count(late => late) * 2 > _late.Count;

    /// <summary>A launch has ended in time, or has not and is late from now on.</summary>
    /// <param name="isLate">Which of both.</param>
    /// <param name="inFlight">Launches that are under way.</param>
    /// <param name="begun">When it was begun, Unix seconds; before the last cut it says nothing about that.</param>
    /// <param name="now">Now, Unix seconds.</param>
    public void Judge(bool isLate, int inFlight, double begun, double now)
    {
        if (_cuts > 0 && begun <= limit.CutAt)
        {
            return;
        }

        _late.Enqueue(isLate);
        if (_late.Count > Sample)
        {
            _late.Dequeue();
        }

        if (_late.Count < Sample)
        {
            return;
        }

        if (!IsPoor)
        {
            _cuts = 0;
            return;
        }

        _late.Clear();
        if (_cuts < MostCuts && inFlight > 1)
        {
            _cuts++;
            limit.Cut(Keep, inFlight, begun, now);
        }
        else
        {
            _cuts = 0;
            limit.Lift();
            Tolerance = Math.Min(MostTolerance, Tolerance * 2);
        }
    }
}
