namespace Nodepool.State.ZooKeeper;

/// <summary>The entries that events have named since the last <see cref="Cut"/>, in the order of their newest events. Not thread-safe.</summary>
internal sealed class ChangeLog
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private List<ChangeMark> _marks = [];

    public bool IsEmpty => _places.Count == 0;

    /// <summary>An entry was made or written: it has to be read.</summary>
    public void Touched(string path) => Put(path, isGone: false);

    /// <summary>An entry was deleted.</summary>
    public void Gone(string path) => Put(path, isGone: true);

    /// <summary>
    /// A commit of our own says what the entry is. It counts only when all its events were ours: after one of somebody else's the entry has to be
    /// read.
    /// </summary>
    public void Resolve(OwnChange change)
    {
        if (_places.TryGetValue(change.Path, out var place) && _marks[place] is { IsGone: false } mark && mark.Events == change.Events)
        {
            _marks[place] = mark with { Entry = change.Entry };
        }
    }

    /// <summary>What is in it; it is empty afterwards.</summary>
    public List<ChangeMark> Cut()
    {
        var marks = _marks.FindAll(mark => mark.Path is not null);
        _marks = [];
        _places.Clear();
        return marks;
    }

    /// <summary>What is in it.</summary>
    public IEnumerable<ChangeMark> Marks => _marks.Where(mark => mark.Path is not null);

    private void Put(string path, bool isGone)
    {
        var events = 1;
        if (_places.TryGetValue(path, out var place))
        {
            events += _marks[place].Events;
            _marks[place] = default;
        }

        _places[path] = _marks.Count;
        _marks.Add(new ChangeMark(path, isGone, null, events));
    }
}
