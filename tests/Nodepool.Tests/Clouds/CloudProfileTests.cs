using Microsoft.Extensions.Time.Testing;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing;
using Nodepool.Testing.Clouds;

namespace Nodepool.Tests.Clouds;

/// <summary>Each profile misbehaves as it says, and only then.</summary>
public sealed class CloudProfileTests
{
    private readonly FakeTimeProvider _time = new();
    private int _tokens;

    [Fact]
    public void Throttled_MoreCallsThanItTakes_RefusesTheRestUntilItHasRested()
    {
        var cloud = Cloud(CloudProfile.Throttled);

        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => Fault(cloud) is null));
        Assert.Equal(ProviderFault.Throttled, Fault(cloud));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(Fault(cloud));
    }

    [Fact]
    public void Congested_EightAtOnce_TakeLongerThanTwiceFour()
    {
        var boots = Enumerable.Range(0, 8).Select(_ => Boot(Cloud(CloudProfile.Congested with { Spread = 0 }))).ToArray();
        var together = Cloud(CloudProfile.Congested with { Spread = 0 });
        var crowded = Enumerable.Range(0, 8).Select(_ => Boot(together)).ToArray();

        Assert.All(boots, boot => Assert.Equal(TimeSpan.FromSeconds(40), boot));
        Assert.Equal(TimeSpan.FromSeconds(40), crowded[3]);
        Assert.Equal(TimeSpan.FromSeconds(160), crowded[7]);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(91, ProviderFault.Unavailable)]
    [InlineData(209, ProviderFault.Unavailable)]
    [InlineData(211, null)]
    [InlineData(571, ProviderFault.Unavailable)]
    public void Outage_AtThatMinute_AnswersOrNot(int minute, ProviderFault? expected)
    {
        var cloud = Cloud(CloudProfile.Out);

        _time.Advance(TimeSpan.FromMinutes(minute));

        Assert.Equal(expected, Fault(cloud));
    }

    [Fact]
    public void Slow_InItsHours_BootsTenTimesAsSlowly()
    {
        var cloud = Cloud(CloudProfile.Slow with { Spread = 0 });

        Assert.Equal(TimeSpan.FromSeconds(40), Boot(cloud));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(TimeSpan.FromSeconds(400), Boot(cloud));
    }

    [Fact]
    public void Lying_CreatesWhoseAnswerIsLost_HaveMadeTheirInstance()
    {
        var cloud = Cloud(CloudProfile.Lying);

        var lost = Enumerable.Range(0, 200).Count(_ => Fault(cloud) == ProviderFault.Unavailable);

        Assert.InRange(lost, 5, 50);
        Assert.Equal(200, cloud.Truth.Servers.Count);
    }

    [Fact]
    public void Profile_TheSameSeed_GivesTheSame() => Assert.All(CloudProfile.All, profile =>
    {
        (FakeCloud One, FakeCloud Other) clouds = (Cloud(profile), Cloud(profile));
        for (var i = 0; i < 100; i++)
        {
            _tokens++;
            Assert.Equal(Fault(clouds.One, _tokens), Fault(clouds.Other, _tokens));
            _time.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.Equal(clouds.One.Truth.Servers.Select(server => server.ActiveAt), clouds.Other.Truth.Servers.Select(server => server.ActiveAt));
    });

    private FakeCloud Cloud(CloudProfile profile)
    {
        var sources = SeededSources.Create(_time);
        var cloud = new FakeCloud(sources);
        (profile with { ApiLatency = TimeSpan.Zero }).ApplyTo(cloud, sources);
        return cloud;
    }

    private ProviderFault? Fault(FakeCloud cloud) => Fault(cloud, ++_tokens);

    private TimeSpan Boot(FakeCloud cloud)
    {
        Assert.Null(Fault(cloud));
        return cloud.Truth.Servers.Max(server => server.ActiveAt) - _time.GetUtcNow();
    }

    private static ProviderFault? Fault(FakeCloud cloud, int token)
    {
        var order = new FakeServerOrder($"token{token}", ValueMap<string>.Empty, Quota.Of((Quota.Instances, 1)), null, "node");
        return cloud.CreateAsync(order, CancellationToken.None).AsTask().Exception?.InnerException is ProviderException e ? e.Fault : null;
    }
}
