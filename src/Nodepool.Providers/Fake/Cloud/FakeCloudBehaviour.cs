using Nodepool.Core;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>
/// How a <see cref="FakeCloud"/> behaves; may be changed at any time. By default it does everything at once, always, without limit.
/// </summary>
public sealed class FakeCloudBehaviour
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FakeOperation, Queue<FakeFate>> _next = [];

    /// <summary>Time from a call to its answer.</summary>
    public TimeSpan ApiLatency { get; set; }

    /// <summary>Time from a create's arrival to a running instance.</summary>
    public TimeSpan CreateLatency { get; set; }

    /// <summary>Time from an accepted delete to a gone instance.</summary>
    public TimeSpan DeleteLatency { get; set; }

    /// <summary>Time that an upload takes; its progress is reported half-way.</summary>
    public TimeSpan UploadLatency { get; set; }

    /// <summary>Time by which listings are late to show a new instance; a look at the instance by its id is never late.</summary>
    public TimeSpan ListingLag { get; set; }

    /// <summary>Number of its first address, so that clouds of one process need not share addresses.</summary>
    public int FirstAddress { get; set; }

    /// <summary>What all instances together may use.</summary>
    public Quota Limits { get; set; } = Quota.Unlimited;

    /// <summary>Availability zones.</summary>
    public ValueList<string> Zones { get; set; } = ["az1", "az2"];

    /// <summary>What a create takes longer, by zone; null: nothing.</summary>
    public Func<string, TimeSpan>? ZoneLatency { get; set; }

    /// <summary>Zones that have no room for anything.</summary>
    public ValueList<string> FullZones { get; set; } = [];

    /// <summary>Refuse creates from images that the cloud does not have.</summary>
    public bool ChecksImages { get; set; } = true;

    /// <summary>Report host keys with the instance; otherwise the nodescan has to read them.</summary>
    public bool TellsHostKeys { get; set; } = true;

    /// <summary>Fates by chance; the first that strikes counts. Chance is asked only for operations that are named here.</summary>
    public ValueList<FakeOdds> Odds { get; set; } = [];

    /// <summary>Decides the fate of a call by its operation and subject (see <see cref="FakeCall.Subject"/>); null leaves it to the rest.</summary>
    public Func<FakeOperation, string, FakeFate?>? Decide { get; set; }

    /// <summary>The next calls of that kind meet this fate, once each, after those that were set before.</summary>
    public void Next(FakeOperation operation, FakeFate fate, int times = 1)
    {
        lock (_gate)
        {
            if (!_next.TryGetValue(operation, out var queue))
            {
                _next[operation] = queue = new();
            }

            for (var i = 0; i < times; i++)
            {
                queue.Enqueue(fate);
            }
        }
    }

    internal FakeFate Draw(FakeOperation operation, string subject, IRandomSource random)
    {
        if (Decide?.Invoke(operation, subject) is { } decided)
        {
            return decided;
        }

        lock (_gate)
        {
            if (_next.TryGetValue(operation, out var queue) && queue.TryDequeue(out var next))
            {
                return next;
            }
        }

        foreach (var odds in Odds)
        {
            if (odds.Operation == operation && random.NextDouble() < odds.Probability)
            {
                return odds.Fate;
            }
        }

        return FakeFate.Normal;
    }
}
