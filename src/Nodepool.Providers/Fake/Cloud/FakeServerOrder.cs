using Nodepool.Core;
using Nodepool.Core.Collections;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>An instance that a <see cref="FakeCloud"/> shall create.</summary>
/// <param name="Token">Client token: the same token never makes a second instance.</param>
/// <param name="Metadata">Comes back in listings.</param>
/// <param name="Cost">What it uses of the cloud's limits.</param>
/// <param name="ImageId">Image to boot from; null for none.</param>
/// <param name="Name">Name to show in listings; null for none.</param>
/// <param name="Zone">Availability zone; null for the first.</param>
public sealed record FakeServerOrder(string Token, ValueMap<string> Metadata, Quota Cost, string? ImageId = null, string? Name = null, string? Zone = null);
