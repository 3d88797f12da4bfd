namespace Nodepool.Providers.Local.Machines;

/// <summary>What runs the guest's instructions, in QEMU's words.</summary>
/// <param name="Accelerator"><c>-accel</c>.</param>
/// <param name="Model"><c>-cpu</c>.</param>
internal sealed record VmProcessor(string Accelerator, string Model)
{
    /// <summary>The host's processor through KVM.</summary>
    public static readonly VmProcessor Kvm = new("kvm", "host");

    /// <summary>
    /// Software. The translation cache would otherwise take a quarter of the guest's memory and more; the model is old enough to
    /// be emulated quickly and new enough (x86-64-v2) for present distributions.
    /// </summary>
    public static readonly VmProcessor Emulated = new("tcg,thread=multi,tb-size=64", "Nehalem,+rdrand");
}
