using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.Launching.Governing;
using Nodepool.Testing;

namespace Nodepool.Tests.Launching.Governing;

public sealed class RetryPaceTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly RetryPace _pace;

    public RetryPaceTests() => _pace = new RetryPace(SeededSources.Create(_time));

    [Fact]
    public void ManyRefusedAtOnce_TakeTurns()
    {
        var turns = Refused(times: 20);

        Assert.Equal(turns.Order(), turns);
        Assert.All(turns.Zip(turns.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 0.25, 0.75));
    }

    [Fact]
    public void TroubleThatComesBack_DoublesTheTimeBetweenTurns_UpToABound()
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(Refused(times: 1)[0]);
        }

        Assert.InRange(Refused(times: 2)[1].TotalSeconds, 15, 45);
    }

    [Fact]
    public void Answers_ShrinkItAgain()
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(Refused(times: 1)[0]);
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        for (var i = 0; i < 60; i++)
        {
            _pace.Answered();
        }

        Assert.InRange(Refused(times: 1)[0].TotalSeconds, 0, 1.5);
    }

    [Fact]
    public void Nobody_WaitsForEver()
    {
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            Refused(times: 100);
        }

        Assert.InRange(Refused(times: 1)[0].TotalSeconds, 0, 120 + 22.5);
    }

    [Fact]
    public void ClockThatIsSetBack_KeepsNobodyWaiting()
    {
        Refused(times: 3);
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(5));

        Assert.InRange(Refused(times: 1)[0].TotalSeconds, 0, 121);
    }

    private List<TimeSpan> Refused(int times) => [.. Enumerable.Range(0, times).Select(_ => _pace.Refused())];
}
