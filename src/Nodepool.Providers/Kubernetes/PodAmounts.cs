namespace Nodepool.Providers.Kubernetes;

/// <summary>Amounts for one container; null is not said.</summary>
/// <param name="Cpu">Processors.</param>
/// <param name="MemoryMiB">Memory, MiB.</param>
/// <param name="StorageMB">Ephemeral storage, MB.</param>
public sealed record PodAmounts(int? Cpu = null, int? MemoryMiB = null, int? StorageMB = null)
{
    /// <summary>These, and those of the other where nothing is said here.</summary>
    public PodAmounts Or(PodAmounts other) => new(Cpu ?? other.Cpu, MemoryMiB ?? other.MemoryMiB, StorageMB ?? other.StorageMB);
}
