using System.Globalization;
using Nodepool.Core.Model.Json;

namespace Nodepool.Lists;

/// <summary>One value of a list, in the form for people and in the form for programs.</summary>
/// <param name="Text">What a table shows; empty for null.</param>
/// <param name="Json">What JSON output holds.</param>
internal readonly record struct ListCell(string Text, RawJson Json)
{
    public static ListCell Of(string? text) => new(text ?? "", RawJson.FromText(text));

    public static ListCell Of(long number) => new(number.ToString(CultureInfo.InvariantCulture), RawJson.FromNumber(number));

    public static ListCell Of(bool value) => new(value ? "True" : "False", RawJson.FromUtf8(value ? "true"u8 : "false"u8));

    /// <summary>A value as somebody else wrote it: a string without its quotes, anything else as JSON.</summary>
    public static ListCell Of(RawJson value) => new(value.AsText() ?? (value.IsNull ? "" : value.ToString()), value);

    /// <summary>Tables join the items with commas; JSON keeps the list.</summary>
    public static ListCell Of(IReadOnlyCollection<string> items) => new(string.Join(',', items), RawJson.Build(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }));

    /// <summary>Time since <paramref name="since"/>: DD:HH:MM:SS for people; programs get the moment itself, a whole Unix second.</summary>
    public static ListCell Age(double? since, double now)
    {
        if (since is null)
        {
            return new("", RawJson.Null);
        }

        var age = TimeSpan.FromSeconds(Math.Max(0, Math.Floor(now - since.Value)));
        return new(string.Create(CultureInfo.InvariantCulture, $"{age.Days:00}:{age:hh\\:mm\\:ss}"), RawJson.FromNumber((long)since.Value));
    }
}
