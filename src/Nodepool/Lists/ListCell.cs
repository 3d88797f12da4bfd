using System.Globalization;
using Nodepool.Core.Model.Json;

namespace Nodepool.Lists;

/// <summary>
/// One value of a list, in the form for people and in the form for programs. Either is made when it is asked for: a table of a thousand
/// nodes shows a few of their many columns, and none as JSON.
/// </summary>
internal readonly struct ListCell
{
    private readonly string? _text;
    private readonly object? _value;

    private ListCell(string? text, object? value) => (_text, _value) = (text, value);

    /// <summary>What a table shows; empty for null.</summary>
    public string Text => _text ?? (_value is RawJson { IsNull: false } raw ? raw.AsText() ?? raw.ToString() : "");

    /// <summary>What JSON output holds.</summary>
    public RawJson Json => _value switch
    {
        string text => RawJson.FromText(text),
        long number => RawJson.FromNumber(number),
        bool truth => RawJson.FromUtf8(truth ? "true"u8 : "false"u8),
        IReadOnlyCollection<string> items => Array(items),
        RawJson raw => raw,
        _ => RawJson.Null,
    };

    public static ListCell Of(string? text) => new(text, text);

    public static ListCell Of(long number) => new(number.ToString(CultureInfo.InvariantCulture), number);

    public static ListCell Of(bool value) => new(value ? "True" : "False", value);

    /// <summary>A value as somebody else wrote it: a string without its quotes, anything else as JSON.</summary>
    public static ListCell Of(RawJson value) => new(null, value);

    /// <summary>Tables join the items with commas; JSON keeps the list.</summary>
    public static ListCell Of(IReadOnlyCollection<string> items) => new(string.Join(',', items), items);

    /// <summary>Time since <paramref name="since"/>: DD:HH:MM:SS for people; programs get the moment itself, a whole Unix second.</summary>
    public static ListCell Age(double? since, double now)
    {
        if (since is null)
        {
            return new("", null);
        }

        var age = TimeSpan.FromSeconds(Math.Max(0, Math.Floor(now - since.Value)));
        return new(string.Create(CultureInfo.InvariantCulture, $"{age.Days:00}:{age.Hours:00}:{age.Minutes:00}:{age.Seconds:00}"), (long)since.Value);
    }

    /// <summary>A moment in words for people; programs get the moment itself, a whole Unix second, or null.</summary>
    public static ListCell Moment(string? text, double? unixSeconds) => new(text, unixSeconds is { } moment ? (long)moment : null);

    /// <summary>Several lines: tables show the last one, JSON has the list.</summary>
    public static ListCell Lines(string? lines) => lines?.Split('\n') is [.., var last] all ? new(last, all) : new("", null);

    private static RawJson Array(IReadOnlyCollection<string> items) => RawJson.Build(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    });
}
