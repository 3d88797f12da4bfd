namespace Nodepool.Daemons;

/// <summary>The heap of this process.</summary>
internal sealed class ManagedHeap : IManagedHeap
{
    public long Allocated => GC.GetTotalAllocatedBytes();

    public long Size => GC.GetTotalMemory(forceFullCollection: false);

    // No weaker mode gives room back at once: what becomes free is kept for some twenty more collections, which do not happen while nothing is done.
    public void Shrink() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
