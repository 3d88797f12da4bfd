namespace Nodepool.Daemons;

/// <summary>The memory that the runtime collects.</summary>
internal interface IManagedHeap
{
    /// <summary>Bytes allocated since the process began.</summary>
    long Allocated { get; }

    /// <summary>Bytes that it keeps from the system: for objects, dead ones that were not collected yet among them, and for those to come.</summary>
    long Size { get; }

    /// <summary>Collects whatever is dead and gives the room back to the system. Everything stands still meanwhile.</summary>
    void Shrink();
}
