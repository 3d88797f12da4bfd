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
        return Math.Max(0, unixNow - (request.CreatedTime ?? request.StateTime));
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

            group.Add(new Place(request, Age(request.Record, unixNow), order.Count + group.Count));
        }

        Add(order, group, view, weightOf);
        return order;
    }

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

    private sealed class Place(RequestView request, double age, int index)
    {
        public RequestView Request => request;

        public double Has { get; set; }

        private double Urgency { get; } = age - (Steps(request.Record!.RelativePriority) * Step.TotalSeconds);

        private double Age => age;

        private int Index => index;

        public static int WithinParty(Place one, Place other) => Then(other.Urgency.CompareTo(one.Urgency), one, other);

        public static int BetweenParties(Place one, Place other)
        {
            var order = one.Has.CompareTo(other.Has);
            return Then(order != 0 ? order : other.Age.CompareTo(one.Age), one, other);
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
