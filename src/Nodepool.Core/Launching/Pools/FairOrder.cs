using System.Runtime.CompilerServices;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// The order in which requests that wait for a pool are looked at; decision 0012 says what it guarantees. Priorities are strict. Within one, the next is always a request
/// of the party that has the least by its weight, and within a party waiting makes up for relative priority. Pure.
/// </summary>
public static class FairOrder
{
    private const double MostSteps = 6;

    private static readonly ConditionalWeakTable<ClusterView, MadeOrder> Made = [];

    /// <summary>What the first step of relative priority is worth. Each further one is worth less, and all together less than <see cref="Head"/>.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A request goes before every one of its party and priority that was made so much later.</summary>
    public static TimeSpan Head { get; } = Step * MostSteps;

    /// <summary>How long a request lets smaller ones of its priority take the room that does not suffice for itself.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Seconds since the request was made; 0 for one whose client's clock is ahead.</summary>
    public static double Age(NodeRequestRecord request, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Math.Max(0, unixNow - Created(request));
    }

    /// <summary>Open requests that no pool has accepted, the next one first. All pools of a process ask for it after each change: it is made once.</summary>
    /// <param name="view">All records.</param>
    /// <param name="model">Who has which weight.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static IReadOnlyList<RequestView> Of(ClusterView view, PoolModel model, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(model);
        if (Made.TryGetValue(view, out var made) && made.Holds(model, unixNow))
        {
            return made.Order;
        }

        made = new MadeOrder(model.Tenants, unixNow, Of(view, model.WeightOf, unixNow));
        Made.AddOrUpdate(view, made);
        return made.Order;
    }

    /// <summary>Open requests that no pool has accepted, the next one first.</summary>
    /// <param name="view">All records.</param>
    /// <param name="weightOf">A party's share relative to that of others; above 0.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static IReadOnlyList<RequestView> Of(ClusterView view, Func<Party, double> weightOf, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        var order = new List<RequestView>();
        var group = new List<Place>();
        foreach (var request in view.OpenRequests)
        {
            if (request.Record!.State != RequestState.Requested)
            {
                continue;
            }

            if (group.Count > 0 && !RequestOrder.HaveSamePriority(group[0].Request, request))
            {
                Add(order, group, view, weightOf);
            }

            group.Add(new Place(request, Math.Min(unixNow, Created(request.Record)), order.Count + group.Count));
        }

        Add(order, group, view, weightOf);
        return order;
    }

    private static double Created(NodeRequestRecord request) => request.CreatedTime ?? request.StateTime;

    private static void Add(List<RequestView> order, List<Place> group, ClusterView view, Func<Party, double> weightOf)
    {
        var shares = new Dictionary<Party, (double Nodes, double Weight)>();
        group.Sort(Place.WithinParty);
        foreach (var place in group)
        {
            var party = Party.Of(place.Request.Record!);
            (double Nodes, double Weight) share = shares.TryGetValue(party, out var known) ? known : (NodesOf(view, party), weightOf(party));

            // What the party has when its turn comes, if all of its own that come before are served.
            place.Has = share.Nodes / share.Weight;
            shares[party] = (share.Nodes + place.Request.Record!.NodeTypes.Count, share.Weight);
        }

        group.Sort(Place.BetweenParties);
        order.AddRange(group.Select(place => place.Request));
        group.Clear();
    }

    private static double NodesOf(ClusterView view, Party party) => view.Nodes.UsageOf(party).Amounts.TryGetValue(Quota.Instances, out var nodes) ? nodes : 0;

    /// <summary>An order that was made. As time passes it stays the same, unless a client's clock is ahead: all of a view grow old together.</summary>
    private sealed class MadeOrder(ValueMap<TenantLimit> tenants, double now, IReadOnlyList<RequestView> order)
    {
        private readonly bool _isLasting = order.All(request => Created(request.Record!) <= now);

        public IReadOnlyList<RequestView> Order => order;

        public bool Holds(PoolModel model, double unixNow) => (unixNow == now || (_isLasting && unixNow > now)) && tenants.Equals(model.Tenants);
    }

    private sealed class Place(RequestView request, double since, int index)
    {
        public RequestView Request => request;

        public double Has { get; set; }

        /// <summary>When it was made, with its relative priority counted as time that it came later.</summary>
        private double Turn { get; } = since + (Steps(request.Record!.RelativePriority) * Step.TotalSeconds);

        private double Since => since;

        private int Index => index;

        public static int WithinParty(Place one, Place other) => Then(one.Turn.CompareTo(other.Turn), one, other);

        public static int BetweenParties(Place one, Place other)
        {
            var order = one.Has.CompareTo(other.Has);
            return Then(order != 0 ? order : one.Since.CompareTo(other.Since), one, other);
        }

        /// <summary>
        /// What a relative priority is worth: 1 for 1, never as much as <see cref="MostSteps"/>, and always more than a smaller one. Zuul numbers whole queues, so
        /// large numbers must differ too.
        /// </summary>
        private static double Steps(int relativePriority)
        {
            var number = (double)Math.Max(0, relativePriority);
            return MostSteps * number / (number + MostSteps - 1);
        }

        /// <summary>What is equal stays in the order of the view.</summary>
        private static int Then(int order, Place one, Place other) => order != 0 ? order : one.Index.CompareTo(other.Index);
    }
}
