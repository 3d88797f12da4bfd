using Nodepool.Core.Config;

namespace Nodepool.Tests.Config;

public sealed class ReadyWindowTests
{
    [Theory]
    [InlineData("2026-03-02T06:59:59Z", false)]
    [InlineData("2026-03-02T07:00:00Z", true)]
    [InlineData("2026-03-02T16:59:59Z", true)]
    [InlineData("2026-03-02T17:00:00Z", false)]
    [InlineData("2026-03-01T08:00:00Z", false)]
    public void IsOpen_FromItsBeginningForItsDuration(string now, bool isOpen) =>
        Assert.Equal(isOpen, new ReadyWindow("0 7 * * 1-5", TimeSpan.FromHours(10), 3).IsOpen(Unix(now)));

    [Theory]
    [InlineData("2026-03-27T06:30:00Z", true)]
    [InlineData("2026-03-27T05:59:00Z", false)]
    [InlineData("2026-03-30T05:30:00Z", true)]
    public void IsOpen_ByTheClockOfItsZone_AlsoAfterTheChangeToSummerTime(string now, bool isOpen) =>
        Assert.Equal(isOpen, new ReadyWindow("0 7 * * *", TimeSpan.FromHours(1), 3, "Europe/Berlin").IsOpen(Unix(now)));

    [Fact]
    public void IsOpen_LongerThanUntilTheNext_DoesNotEnd() =>
        Assert.All(Enumerable.Range(0, 600), second => Assert.True(new ReadyWindow("*/5 * * * *", TimeSpan.FromMinutes(6), 1).IsOpen(1_000_000_000 + second)));

    [Theory]
    [InlineData("2026-03-02T06:00:00Z", 3600)]
    [InlineData("2026-03-02T07:00:01Z", 35999)]
    [InlineData("2026-03-06T17:00:00Z", 2 * 86400 + 14 * 3600)]
    public void UntilChange_IsTheNextBeginningOrTheEnd(string now, int seconds) =>
        Assert.Equal(seconds, new ReadyWindow("0 7 * * 1-5", TimeSpan.FromHours(10), 3).UntilChange(Unix(now))!.Value.TotalSeconds);

    [Fact]
    public void ReadyAt_OfOpenWindowsTheGreatest_ElseTheUsual()
    {
        var label = new LabelConfig
        {
            Name = "a",
            MinReady = 5,
            ReadySchedule = [new ReadyWindow("0 20 * * *", TimeSpan.FromHours(10), 1), new ReadyWindow("0 22 * * *", TimeSpan.FromHours(1), 2)],
        };

        Assert.Equal((5, 1, 2, 1, 5), (label.ReadyAt(At(12)), label.ReadyAt(At(21)), label.ReadyAt(At(22)), label.ReadyAt(At(23)), label.MostReady));

        static double At(int hour) => Unix($"2026-03-02T{hour}:30:00Z");
    }

    [Fact]
    public void Read_Schedule_TakesUtcWhenNothingIsSaid() => Assert.Equal(
        [new ReadyWindow("0 7 * * 1-5", TimeSpan.FromHours(10), 8), new ReadyWindow("@daily", TimeSpan.FromMinutes(1), 0, "Europe/Berlin")],
        ConfigSamples.Read(
            """
            labels:
              - name: a
                min-ready-schedule:
                  - {cron: 0 7 * * 1-5, duration: 36000, count: 8}
                  - {cron: '@daily', duration: 60, count: 0, timezone: Europe/Berlin}
            """).Config!.Labels[0].ReadySchedule);

    [Theory]
    [InlineData("{cron: often, duration: 60, count: 1}", ".cron: five fields of cron such as '0 7 * * 1-5' expected, found 'often'")]
    [InlineData("{cron: 0 7 * * *, duration: 60, count: 1, timezone: Berlin}", ".timezone: a time zone of this system such as UTC or Europe/Berlin expected, found 'Berlin'")]
    [InlineData("{cron: 0 7 * * *, count: 1}", ".duration: 'duration' is missing")]
    [InlineData("{cron: 0 7 * * *, duration: 0, count: 1}", ".duration: a window that lasts no time is never open: give seconds above 0")]
    [InlineData("{cron: 0 7 * * *, duration: 60}", ".count: 'count' is missing")]
    [InlineData("{cron: 0 7 * * *, duration: 60, count: -1}", ".count: a whole number of at least 0 expected, found '-1'")]
    [InlineData("{cron: 0 7 * * *, duration: 60, count: 1, zone: UTC}", ".zone: unknown key 'zone' (known here: count, cron, duration, timezone)")]
    public void Read_OneFault_SaysWhatIsWrong(string window, string expected) => Assert.EndsWith(
        "labels[0].min-ready-schedule[0]" + expected,
        Assert.Single(ConfigSamples.Problems($"labels: [{{name: a, min-ready-schedule: [{window}]}}]"), problem => problem.Contains("schedule", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    private static double Unix(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
