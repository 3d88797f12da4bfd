using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <content>Getters of single values, and of lists and mappings of them.</content>
public sealed partial class ConfigMap
{
    internal const double MostSeconds = 100d * 365 * 86400;

    private static readonly string[] TruthValues = ["yes", "no", "true", "false", "on", "off"];

    /// <summary>The text as it is written, whatever YAML sees in it; null when absent.</summary>
    public string? Text(string key) => Scalar(key)?.Text;

    /// <summary>The text; an error and "" when absent.</summary>
    public string RequiredText(string key)
    {
        if (Text(key) is { } text)
        {
            return text;
        }

        if (Find(key) is null)
        {
            Error(key, new Complaint(Contains(key) ? $"{Wording.Quote(key)} is empty; it needs a value" : $"{Wording.Quote(key)} is missing", "a value"));
        }

        return "";
    }

    /// <summary>The text, or the fallback when absent.</summary>
    public string Text(string key, string fallback) => Text(key) ?? fallback;

    /// <summary>A path made absolute, relative ones from the file's directory; null when absent. Whether it exists is not looked at.</summary>
    public string? FilePath(string key)
    {
        if (Text(key) is not { } path)
        {
            return null;
        }

        if (!path.Contains('\0'))
        {
            return Absolute(path);
        }

        Error(key, "a path cannot contain the character U+0000");
        return null;
    }

    /// <summary>Like <see cref="FilePath"/>, for several paths with colons between.</summary>
    internal string? FilePaths(string key) =>
        FilePath(key) is null ? null : string.Join(':', Text(key, "").Split(':').Where(path => path.Length > 0).Select(Absolute));

    /// <summary>A whole number within bounds, or the fallback when absent or wrong.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Named after the kind of value, like its neighbours.")]
    public int Int(string key, int fallback, int min = int.MinValue, int max = int.MaxValue) => OptionalInt(key, min, max) ?? fallback;

    /// <summary>A whole number within bounds; null when absent or wrong.</summary>
    public int? OptionalInt(string key, int min = int.MinValue, int max = int.MaxValue)
    {
        if (Scalar(key) is not { } scalar)
        {
            return null;
        }

        if (YamlTypes.ToInteger(scalar.Text) is not { } value)
        {
            WrongValue(key, scalar, "a whole number" + Range(min, max, int.MinValue, int.MaxValue));
            return null;
        }

        if (value < min || value > max)
        {
            var range = Range(min, max, int.MinValue, int.MaxValue);
            WrongValue(key, scalar, range.Length > 0 ? "a whole number" + range : $"a whole number from {min} to {max}");
            return null;
        }

        WarnOfQuotes(key, scalar);
        return (int)value;
    }

    /// <summary>A finite number within bounds, or the fallback when absent or wrong.</summary>
    public double Number(string key, double fallback, double min = double.MinValue, double max = double.MaxValue) =>
        OptionalNumber(key, "a number", min, max) ?? fallback;

    /// <summary>A time given as a number of seconds, 0 to 100 years, or the fallback when absent or wrong.</summary>
    public TimeSpan Seconds(string key, TimeSpan fallback) =>
        OptionalSeconds(key) ?? fallback;

    /// <summary>A time given as a number of seconds, 0 to 100 years; null when absent or wrong.</summary>
    public TimeSpan? OptionalSeconds(string key) => NumberOfSeconds(key, min: 0) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>An age limit in seconds; zero or less, or absent, is none and gives zero.</summary>
    internal TimeSpan AgeLimit(string key) =>
        NumberOfSeconds(key, double.MinValue) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;

    /// <summary>A truth value (yes/no, true/false, on/off), or the fallback when absent or wrong.</summary>
    public bool Bool(string key, bool fallback) => OptionalBool(key) ?? fallback;

    /// <summary>A truth value; null when absent or wrong.</summary>
    public bool? OptionalBool(string key)
    {
        if (Scalar(key) is not { } scalar)
        {
            return null;
        }

        // Quotes make a text, and Python takes any text, also 'no', as true: refused rather than guessed.
        var value = scalar.IsPlain ? YamlTypes.ToBool(scalar.Text) : null;
        if (value is null)
        {
            var near = scalar.IsPlain ? NearestName.Of(scalar.Text, TruthValues) : null;
            WrongValue(key, scalar, scalar.IsPlain ? "yes or no" : "yes or no without quotes", near);
        }

        return value;
    }

    /// <summary>One of several words, or the fallback when absent or another.</summary>
    public T Choice<T>(string key, T fallback, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (Scalar(key) is not { } scalar)
        {
            return fallback;
        }

        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (word == scalar.Text)
            {
                return value;
            }

            words.Add(word);
        }

        WrongValue(key, scalar, words.Count == 1 ? words[0] : "one of " + string.Join(", ", words), NearestName.Of(scalar.Text, words));
        return fallback;
    }

    /// <summary>The texts of a list; a single value counts as a list of one; empty when absent.</summary>
    public ValueList<string> Texts(string key)
    {
        if (Find(key) is { Value: YamlScalar single })
        {
            return [single.Text];
        }

        var texts = new List<string>();
        foreach (var (path, item) in Items(key, "a list"))
        {
            if (item.Value is YamlScalar { IsNull: false } scalar)
            {
                texts.Add(scalar.Text);
            }
            else
            {
                ReportAt(isError: true, item.Place, path, Complaint.OfValue("a single value", $"this is {item.Value.Kind}"));
            }
        }

        return texts.ToValueList();
    }

    /// <summary>The keys and texts of a mapping; an empty value is ""; empty when absent.</summary>
    public ValueMap<string> TextMap(string key)
    {
        if (Find(key) is not { } entry)
        {
            return ValueMap<string>.Empty;
        }

        if (entry.Value is not YamlMapping mapping)
        {
            WrongKind(key, entry, "a mapping ('key: value' lines)");
            return ValueMap<string>.Empty;
        }

        var texts = new List<KeyValuePair<string, string>>();
        foreach (var item in mapping.Entries)
        {
            if (item.Value is YamlScalar scalar)
            {
                texts.Add(new(item.Key, scalar.IsNull ? "" : scalar.Text));
            }
            else
            {
                ReportAt(isError: true, item.KeyPlace, $"{PathOf(key)}.{item.Key}", Complaint.OfValue("a single value", $"this is {item.Value.Kind}"));
            }
        }

        return new ValueMap<string>(texts);
    }

    private double? NumberOfSeconds(string key, double min) => OptionalNumber(key, "a number of seconds", min, MostSeconds, Durations.ToSeconds);

    private double? OptionalNumber(string key, string what, double min, double max, Func<string, string?>? suggest = null)
    {
        if (Scalar(key) is not { } scalar)
        {
            return null;
        }

        if (YamlTypes.ToNumber(scalar.Text) is not { } value || !double.IsFinite(value) || value < min || value > max)
        {
            WrongValue(key, scalar, what + Range(min, max, double.MinValue, double.MaxValue), suggest?.Invoke(scalar.Text));
            return null;
        }

        WarnOfQuotes(key, scalar);
        return value;
    }

    private YamlScalar? Scalar(string key)
    {
        if (Find(key) is not { } entry)
        {
            return null;
        }

        if (entry.Value is YamlScalar scalar)
        {
            return scalar;
        }

        WrongKind(key, entry, "a single value");
        return null;
    }

    private void WrongValue(string key, YamlScalar scalar, string expected, string? suggestion = null) =>
        Error(key, Complaint.OfValue(expected, $"found {Shown(key, scalar)}", suggestion));

    private void WarnOfQuotes(string key, YamlScalar scalar)
    {
        if (!scalar.IsPlain)
        {
            Warn(key, "the quotes make this a text; it is read as a number, but the quotes should go");
        }
    }

    private string Absolute(string path) => System.IO.Path.GetFullPath(System.IO.Path.Combine(_document.Text.Directory, path));

    /// <summary>The value of a key in quotes; or that it is not shown, because it may be secret.</summary>
    internal string Shown(string key) => Scalar(key) is { } scalar ? Shown(key, scalar) : "nothing";

    private string Shown(string key, YamlScalar scalar) =>
        _position.IsHidden || SecretNames.Hides(key) ? "another value, not shown because it may be secret"
        : _document.Text.IsFromEnvironment(scalar.Span) ? "another value, set by the environment"
        : Wording.Quote(scalar.Text);

    private static string Range(double min, double max, double lowest, double highest)
    {
        var (least, most) = (min.ToString("0.###", CultureInfo.InvariantCulture), max.ToString("0.###", CultureInfo.InvariantCulture));
        return (min > lowest, max < highest) switch
        {
            (true, true) => $" from {least} to {most}",
            (true, false) => $" of at least {least}",
            (false, true) => $" of at most {most}",
            _ => "",
        };
    }
}
