using System.Collections.Immutable;
using Nodepool.Core.Model;

namespace Nodepool.Core.View;

public sealed partial class NodeIndex
{
    /// <summary>Applies changes to an index. Each change takes the old node out of every list and puts the new one in.</summary>
    internal sealed class Builder(NodeIndex from)
    {
        private readonly ImmutableDictionary<string, NodeView>.Builder _byId = from.ById.ToBuilder();
        private readonly ImmutableDictionary<(PoolKey, string), ImmutableSortedSet<string>>.Builder _idle = from.Idle.ToBuilder();
        private readonly ImmutableDictionary<(PoolKey, string), ImmutableSortedSet<NodeMoment>>.Builder _idleByAge = from.IdleByAge.ToBuilder();
        private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _byRequest = from.ByRequest.ToBuilder();
        private readonly ImmutableDictionary<PoolKey, ImmutableSortedSet<string>>.Builder _active = from.Active.ToBuilder();
        private readonly ImmutableDictionary<PoolKey, ImmutableSortedSet<string>>.Builder _byPool = from.ByPool.ToBuilder();
        private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _byOwner = from.ByOwner.ToBuilder();
        private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _byBacking = from.ByBacking.ToBuilder();
        private readonly ImmutableDictionary<PoolKey, Quota>.Builder _usage = from.Usage.ToBuilder();
        private readonly ImmutableDictionary<Party, Quota>.Builder _parties = from.Parties.ToBuilder();
        private readonly ImmutableDictionary<PoolKey, ImmutableSortedSet<NodeMoment>>.Builder _heldByAge = from.HeldByAge.ToBuilder();
        private readonly ImmutableDictionary<PoolKey, ImmutableSortedSet<NodeMoment>>.Builder _heldByEnd = from.HeldByEnd.ToBuilder();
        private ImmutableSortedSet<string> _held = from.Held;
        private ImmutableSortedSet<string> _unreadable = from.UnreadableIds;

        /// <summary>Requests whose nodes have changed.</summary>
        public HashSet<string> Requests { get; } = new(StringComparer.Ordinal);

        public NodeView? Find(string id) => _byId.GetValueOrDefault(id);

        public void Put(NodeView node)
        {
            Remove(node.Id);
            _byId[node.Id] = node;
            if (node.Record is { } record)
            {
                File(node, record);
            }
            else
            {
                _unreadable = _unreadable.Add(node.Id);
            }
        }

        public void Remove(string id)
        {
            if (!_byId.Remove(id, out var old))
            {
                return;
            }

            if (old.Record is { } record)
            {
                Unfile(id, record);
            }
            else
            {
                _unreadable = _unreadable.Remove(id);
            }
        }

        public void ChangeContender(string id, string contender, bool isThere)
        {
            if (!_byId.TryGetValue(id, out var old))
            {
                return;
            }

            var node = old with { Contenders = isThere ? old.Contenders.Add(contender) : old.Contenders.Remove(contender) };
            _byId[id] = node;
            if (node.Record is { } record && IsActive(node) != IsActive(old))
            {
                if (IsActive(node))
                {
                    Add(_active, PoolKey.Of(record), id);
                }
                else
                {
                    Drop(_active, PoolKey.Of(record), id);
                }
            }
        }

        public NodeIndex Build() => new()
        {
            ById = _byId.ToImmutable(),
            Idle = _idle.ToImmutable(),
            IdleByAge = _idleByAge.ToImmutable(),
            ByRequest = _byRequest.ToImmutable(),
            Active = _active.ToImmutable(),
            ByPool = _byPool.ToImmutable(),
            ByOwner = _byOwner.ToImmutable(),
            ByBacking = _byBacking.ToImmutable(),
            Usage = _usage.ToImmutable(),
            Parties = _parties.ToImmutable(),
            Held = _held,
            HeldByAge = _heldByAge.ToImmutable(),
            HeldByEnd = _heldByEnd.ToImmutable(),
            UnreadableIds = _unreadable,
        };

        private void File(NodeView view, NodeRecord node)
        {
            var (id, pool) = (view.Id, PoolKey.Of(node));
            Add(_byPool, pool, id);
            if (node.Backing is { } backing)
            {
                Add(_byOwner, backing.Owner, id);
            }

            if (node.Place is { } place)
            {
                Add(_byBacking, place.BackingNode, id);
            }

            _usage[pool] = _usage.GetValueOrDefault(pool, Quota.Zero).Plus(node.Cost);
            if (!node.IsIdle)
            {
                var party = Party.Of(node);
                _parties[party] = _parties.GetValueOrDefault(party, Quota.Zero).Plus(node.Cost);
            }

            if (node.IsIdle)
            {
                foreach (var label in node.Type)
                {
                    Add(_idle, (pool, label), id);
                    Add(_idleByAge, (pool, label), new NodeMoment(node.StateTime, id));
                }
            }

            if (IsWaitingForClient(node))
            {
                Add(_byRequest, node.AllocatedTo!, id);
                Requests.Add(node.AllocatedTo!);
            }

            if (IsActive(view))
            {
                Add(_active, pool, id);
            }

            if (node.State == NodeState.Hold)
            {
                _held = _held.Add(id);
                Add(_heldByAge, pool, new NodeMoment(node.StateTime, id));
                if (EndOfHold(id, node) is { } end)
                {
                    Add(_heldByEnd, pool, end);
                }
            }
        }

        private void Unfile(string id, NodeRecord node)
        {
            var pool = PoolKey.Of(node);
            Drop(_byPool, pool, id);
            if (node.Backing is { } backing)
            {
                Drop(_byOwner, backing.Owner, id);
            }

            if (node.Place is { } place)
            {
                Drop(_byBacking, place.BackingNode, id);
            }

            Spare(_usage, pool, node.Cost);
            if (!node.IsIdle)
            {
                Spare(_parties, Party.Of(node), node.Cost);
            }

            if (node.IsIdle)
            {
                foreach (var label in node.Type)
                {
                    Drop(_idle, (pool, label), id);
                    Drop(_idleByAge, (pool, label), new NodeMoment(node.StateTime, id));
                }
            }

            if (IsWaitingForClient(node))
            {
                Drop(_byRequest, node.AllocatedTo!, id);
                Requests.Add(node.AllocatedTo!);
            }

            Drop(_active, pool, id);
            if (node.State == NodeState.Hold)
            {
                _held = _held.Remove(id);
                Drop(_heldByAge, pool, new NodeMoment(node.StateTime, id));
                if (EndOfHold(id, node) is { } end)
                {
                    Drop(_heldByEnd, pool, end);
                }
            }
        }

        private static NodeMoment? EndOfHold(string id, NodeRecord node) => node.HoldExpiration is > 0 and var seconds ? new NodeMoment(node.StateTime + seconds, id) : null;

        private static void Spare<TKey>(ImmutableDictionary<TKey, Quota>.Builder sums, TKey key, Quota cost)
            where TKey : notnull
        {
            var left = sums.GetValueOrDefault(key, Quota.Zero).Minus(cost);
            if (left.Amounts.Values.All(amount => amount == 0))
            {
                sums.Remove(key);
            }
            else
            {
                sums[key] = left;
            }
        }

        private static void Add<TKey>(ImmutableDictionary<TKey, ImmutableSortedSet<string>>.Builder lists, TKey key, string id)
            where TKey : notnull => lists[key] = lists.GetValueOrDefault(key, NoIds).Add(id);

        private static void Add<TKey>(ImmutableDictionary<TKey, ImmutableSortedSet<NodeMoment>>.Builder lists, TKey key, NodeMoment node)
            where TKey : notnull => lists[key] = lists.GetValueOrDefault(key, []).Add(node);

        private static void Drop<TKey, T>(ImmutableDictionary<TKey, ImmutableSortedSet<T>>.Builder lists, TKey key, T item)
            where TKey : notnull
        {
            if (!lists.TryGetValue(key, out var list))
            {
                return;
            }

            list = list.Remove(item);
            if (list.IsEmpty)
            {
                lists.Remove(key);
            }
            else
            {
                lists[key] = list;
            }
        }
    }
}
