using Nodepool.Core.Collections;

namespace Nodepool.Providers.Local;

/// <summary>What is to be started. The same for every start of the same instance.</summary>
/// <param name="Directory">The instance's directory, absolute, exists: every file and socket of the machine goes there.</param>
/// <param name="Hostname">Host name inside.</param>
/// <param name="Image">What it starts from; exists and stays as long as the instance does.</param>
/// <param name="Seed">Files laid over the image before its first program runs.</param>
/// <param name="Address">Loopback address on which its ssh is reached from this host.</param>
/// <param name="Port">TCP port of ssh on that address.</param>
/// <param name="MemoryMiB">Memory.</param>
/// <param name="Vcpus">Virtual CPUs.</param>
internal sealed record MachineSpec(
    string Directory, string Hostname, LocalImage Image, ValueList<SeedFile> Seed, string Address, int Port, int MemoryMiB, int Vcpus);
