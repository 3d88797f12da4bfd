namespace Nodepool.Cli.Output;

/// <summary>Form of an answer: the words of <c>--output</c>.</summary>
internal enum OutputForm
{
    /// <summary>What Python's command line prints: a box, or a sentence.</summary>
    Table,

    /// <summary>A box with all columns.</summary>
    Wide,

    /// <summary>JSON, indented.</summary>
    Json,

    /// <summary>The same as YAML.</summary>
    Yaml,

    /// <summary>RFC 4180, with names of fields in the first line.</summary>
    Csv,
}
