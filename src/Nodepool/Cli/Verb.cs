using System.CommandLine;
using Nodepool.Cli.Output;

namespace Nodepool.Cli;

/// <summary>
/// A command with everything that its help, its man page and the reference say. The metavariables of its arguments and options
/// (<c>NODE</c>, <c>IMAGE</c>, <c>PROVIDER</c>, <c>FILE</c>, …) also say what the shell completes: see <see cref="Completion.LiveValues"/>.
/// </summary>
/// <param name="name">The word on the command line.</param>
/// <param name="description">What it does, in one line.</param>
/// <param name="details">What else one should know: sentences; null for nothing.</param>
/// <param name="examples">At least one.</param>
internal sealed class Verb(string name, string description, string? details, params IReadOnlyList<Example> examples) : Command(name, description)
{
    /// <summary>A verb about which its description says enough.</summary>
    public Verb(string name, string description, params IReadOnlyList<Example> examples)
        : this(name, description, null, examples)
    {
    }

    public string? Details => details;

    public IReadOnlyList<Example> Examples => examples;

    /// <summary>Forms that its answer has; <see cref="CommandFrame"/> sets them.</summary>
    public IReadOnlyList<OutputForm> Forms { get; set; } = OutputForms.None;
}
