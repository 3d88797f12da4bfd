using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Config.Templates;

/// <summary>What can be wrong with a field of a template before there is a value for it.</summary>
internal static class FormatChecks
{
    /// <summary>A complaint, or null.</summary>
    public static Complaint? Complain(FormatField field, FormatShape shape)
    {
        var most = shape switch { FormatShape.Number => 0, FormatShape.Text => 1, FormatShape.Texts => 2, _ => int.MaxValue };
        if (field.Indexes.Count > most)
        {
            return $"{Wording.Quote(field.Path)} looks into {Kind(shape)}, where there is nothing to look for";
        }

        if (shape is FormatShape.Text or FormatShape.Texts && field.Indexes.FirstOrDefault(index => !index.All(char.IsAsciiDigit)) is { } key)
        {
            return Complaint.OfValue($"a position from 0 on in {Kind(shape)}", $"found {Wording.Quote($"[{key}]")} in {Wording.Quote(field.Path)}");
        }

        return field.Spec is { IsForNumbers: true } spec && IsText(field, shape)
            ? new Complaint($"the format {Wording.Quote(":" + spec.Text)} of {Wording.Quote(field.Path)} is one for numbers, that is {Kind(shape)}")
            : null;
    }

    private static bool IsText(FormatField field, FormatShape shape) =>
        field.Conversion is not null || shape is FormatShape.Text or FormatShape.Texts;

    private static string Kind(FormatShape shape) => shape switch
    {
        FormatShape.Text => "a text",
        FormatShape.Number => "a number",
        FormatShape.Texts => "a list of texts",
        _ => "JSON",
    };
}
