namespace Nodepool.Daemons;

/// <summary>The heap of this process.</summary>
internal sealed class ManagedHeap : IManagedHeap
{
    public long Allocated => GC.GetTotalAllocatedBytes();

    // What objects use would not do: after a burst the collector may have found them dead and still keep their room.
    public long Size => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;

    // No weaker mode gives room back at once: what becomes free is kept for some twenty more collections, which do not happen while nothing is done.
    public void Shrink() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
