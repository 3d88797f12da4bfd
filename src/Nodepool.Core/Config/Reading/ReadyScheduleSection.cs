using Cronos;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads <c>min-ready-schedule</c> of a label.</summary>
internal static class ReadyScheduleSection
{
    private const string Key = "min-ready-schedule";

    public static ValueList<ReadyWindow> Read(ConfigMap label) => label.Maps(Key).Select(ReadWindow).OfType<ReadyWindow>().ToValueList();

    private static ReadyWindow? ReadWindow(ConfigMap section)
    {
        var cron = section.RequiredText("cron");
        var isCron = CronExpression.TryParse(cron, out _);
        if (!isCron && cron.Length > 0)
        {
            section.Error("cron", Complaint.OfValue("five fields of cron such as '0 7 * * 1-5'", $"found {Wording.Quote(cron)}"));
        }

        var zone = section.Text("timezone", "UTC");
        var isZone = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);
        if (!isZone)
        {
            section.Error("timezone", Complaint.OfValue("a time zone of this system such as UTC or Europe/Berlin", $"found {Wording.Quote(zone)}"));
        }

        var duration = section.OptionalSeconds("duration");
        var count = section.OptionalInt("count", min: 0);
        Require("duration", "a number of seconds");
        Require("count", "a whole number of at least 0");
        if (duration == TimeSpan.Zero)
        {
            section.Error("duration", "a window that lasts no time is never open: give seconds above 0");
        }

        return isCron && isZone && duration > TimeSpan.Zero && count is { } nodes ? new ReadyWindow(cron, duration.Value, nodes, zone) : null;

        void Require(string key, string expected)
        {
            if (!section.Contains(key))
            {
                section.Error(key, new Complaint($"{Wording.Quote(key)} is missing", expected));
            }
        }
    }
}
