using System.CommandLine;
using System.Globalization;

namespace Nodepool.Cli.Arguments;

/// <summary>Options that are a number of seconds.</summary>
internal static class Durations
{
    private const double Most = 315_360_000;

    public static Option<double?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= Most)
            {
                return seconds;
            }

            result.AddError($"{name} must be a number of seconds above 0 and at most {Most:0} (ten years)");
            return null;
        },
    };

    public static TimeSpan? Of(double? seconds) => seconds is null ? null : TimeSpan.FromSeconds(seconds.Value);
}
