using Nodepool.Core;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Testing.Clouds;

/// <summary>A call to a cloud at the moment at which the cloud gets it.</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="At">Time since the cloud began to behave so.</param>
/// <param name="Building">Instances that are being built there.</param>
/// <param name="Boot">How long the instance takes to run if nothing is wrong; of a create.</param>
/// <param name="Random">The cloud's chance.</param>
public readonly record struct CloudCall(FakeOperation Operation, TimeSpan At, int Building, TimeSpan Boot, IRandomSource Random);
