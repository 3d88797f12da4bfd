using Nodepool.Core.Collections;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>An image in a <see cref="FakeCloud"/>.</summary>
/// <param name="Id">The cloud's id.</param>
/// <param name="Name">Its name; the cloud takes each name once.</param>
/// <param name="Metadata">As given at its upload.</param>
/// <param name="IsReady">All of it arrived; an upload that broke off stays unready for ever.</param>
public sealed record FakeImage(string Id, string Name, ValueMap<string> Metadata, bool IsReady);
