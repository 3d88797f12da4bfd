namespace Nodepool.Cli.Output;

/// <summary>Which forms answers have.</summary>
internal static class OutputForms
{
    /// <summary>Answers of commands that print none, or one whose form is not theirs to choose.</summary>
    public static IReadOnlyList<OutputForm> None { get; } = [OutputForm.Table];

    /// <summary>Answers in words.</summary>
    public static IReadOnlyList<OutputForm> Words { get; } = [OutputForm.Table, OutputForm.Json, OutputForm.Yaml];

    /// <summary>Lists.</summary>
    public static IReadOnlyList<OutputForm> List { get; } = [OutputForm.Table, OutputForm.Wide, OutputForm.Json, OutputForm.Yaml, OutputForm.Csv];

    /// <summary>The word on the command line.</summary>
    public static string Word(this OutputForm form) => form switch
    {
        OutputForm.Wide => "wide",
        OutputForm.Json => "json",
        OutputForm.Yaml => "yaml",
        OutputForm.Csv => "csv",
        _ => "table",
    };

    /// <summary>The form of a word of the command line.</summary>
    public static OutputForm Of(string? word) => List.FirstOrDefault(form => form.Word() == word);
}
