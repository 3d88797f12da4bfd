using Nodepool.Core.State;
using Nodepool.State.Locks;
using Nodepool.State.Watching;

namespace Nodepool.State.Sqlite;

/// <summary>A place in the change log.</summary>
internal sealed class ChangeCursor(SqliteReader reader, LeaseTable leases)
{
    private long _dataVersion;
    private long _position = -1;
    private long _lastChange;
    private long _toldOwn;

    /// <summary>
    /// Goes to the end of the log. Watches that begin now, or all when the log no longer reaches back to the last look, are
    /// given everything that exists at the same moment.
    /// </summary>
    /// <param name="fresh">Watches that begin now.</param>
    /// <param name="present">Watches that have begun before.</param>
    /// <param name="own">Position of the last commit of the own session; it is known to be in the store.</param>
    public ChangeNews Advance(IReadOnlyList<Subscription> fresh, IReadOnlyList<Subscription> present, long own)
    {
        var dataVersion = reader.DataVersion();
        var includesOwn = own > _toldOwn;
        _toldOwn = Math.Max(own, _toldOwn);
        if (dataVersion == _dataVersion && own <= _position && fresh.Count == 0)
        {
            return new ChangeNews(_position, [], includesOwn);
        }

        var changes = reader.AtOneMoment(() => Read(fresh, present));
        _dataVersion = dataVersion;
        return new ChangeNews(_position, changes.Count > 1 ? ChangeFold.Fold(changes) : changes, includesOwn);
    }

    private List<Change> Read(IReadOnlyList<Subscription> fresh, IReadOnlyList<Subscription> present)
    {
        var isFirst = _position < 0;
        var (first, last) = reader.ChangeLog();
        var isBehind = !isFirst && (last < _lastChange || first > _lastChange + 1);
        var changes = isFirst || isBehind ? [] : reader.ChangesSince(_lastChange);
        _position = reader.Position();
        _lastChange = last;
        foreach (var subscription in isBehind ? [.. present, .. fresh] : fresh)
        {
            subscription.Resync(_position, reader.Snapshot(subscription.Root));
        }

        if (isFirst || isBehind)
        {
            leases.Resync(path => reader.Find(path) is not null);
        }

        return changes;
    }
}
