namespace Nodepool.Providers.Local;

/// <summary>How a node of this host runs.</summary>
public enum LocalKind
{
    /// <summary>A virtual machine under QEMU with a kernel of its own: <c>vm</c>.</summary>
    Vm,

    /// <summary>Processes in namespaces of their own over the host's kernel and network: <c>container</c>.</summary>
    Container,
}
