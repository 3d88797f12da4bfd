using Nodepool.Cli.Listing;
using Nodepool.Cli.Output;
using Nodepool.Cli.Watching;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Lists;
using Nodepool.Logging;

namespace Nodepool.Cli;

/// <summary>What is the same for every command: from the parsed line to the exit status, and from an exception to one clear line.</summary>
internal sealed class CommandFrame(CliWorld world, GlobalOptions options)
{
    /// <summary>A verb that answers in words, or in the JSON of <see cref="CliCall.Answer"/>.</summary>
    public Verb Action(Verb verb, Func<CliCall, CancellationToken, Task<int>> run) => Action(verb, OutputForms.Words, run);

    /// <summary>Says what a verb does when it is called.</summary>
    /// <param name="verb">It.</param>
    /// <param name="forms">The forms that its answer has; others are refused.</param>
    /// <param name="run">Runs it; the token is cancelled by the first Ctrl-C, the second ends the process without waiting for it.</param>
    /// <param name="hosts">It hosts roles, which deal with the second Ctrl-C themselves.</param>
    public Verb Action(Verb verb, IReadOnlyList<OutputForm> forms, Func<CliCall, CancellationToken, Task<int>> run, bool hosts = false)
    {
        verb.Forms = forms;
        verb.SetAction(async (parsed, ct) =>
        {
            using var call = new CliCall(world, options, parsed);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(ct, world.Stop.Requested);
            try
            {
                var running = forms.Contains(call.Form) ? run(call, until.Token) : throw NoSuchForm(verb, call.Form);
                return hosts || await Task.WhenAny(running, world.Stop.Immediately) == running ? await running : ExitStatus.Interrupted;
            }
#pragma warning disable CA1031 // The last place where an exception can become a sentence.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return Report(call, e);
            }
        });
        return verb;
    }

    /// <summary>A verb that prints a list of what is stored, in all forms.</summary>
    /// <param name="verb">It.</param>
    /// <param name="filters">Options that choose rows.</param>
    /// <param name="read">The whole list.</param>
    /// <param name="roots">What of the store it is made from, by default all: the less, the sooner it is there.</param>
    /// <param name="notes">What somebody who reads it should know beside it; null for nothing.</param>
    public Verb List(Verb verb, IReadOnlyList<ListFilter> filters, Func<CliCall, ClusterView, ListTable> read, IReadOnlyList<string>? roots = null, Func<CliCall, ClusterView, IEnumerable<string>>? notes = null)
    {
        var list = new ListOptions(filters);
        var watch = Watch.Option();
        list.AddTo(verb);
        list.CompleteFields(parsed =>
        {
            using var call = new CliCall(world, options, parsed);
            return read(call, new ClusterView()).Fields;
        });
        verb.Options.Add(watch);
        return Action(verb, OutputForms.List, async (call, ct) =>
        {
            if (call.Value(watch))
            {
                return await Watch.RunAsync(call, $"nodepool {verb.Name}", view => call.Picture(list.Apply(call, read(call, view))), ct);
            }

            // Names that are asked for may stand anywhere in the store.
            var view = await call.ViewAsync(ct, list.IsFiltering(call) ? [] : roots ?? []);
            call.Print(list.Apply(call, read(call, view)));
            list.NoteUnknown(call, view);
            foreach (var note in notes?.Invoke(call, view) ?? [])
            {
                call.Note($"nodepool: {note}");
            }

            return ExitStatus.Ok;
        });
    }

    /// <summary>A verb that prints a list of what is asked for elsewhere (a cloud), in all forms.</summary>
    /// <param name="verb">It.</param>
    /// <param name="filters">Options that choose rows.</param>
    /// <param name="read">The whole list.</param>
    public Verb List(Verb verb, IReadOnlyList<ListFilter> filters, Func<CliCall, CancellationToken, Task<ListTable>> read)
    {
        var list = new ListOptions(filters);
        list.AddTo(verb);
        return Action(verb, OutputForms.List, async (call, ct) =>
        {
            call.Print(list.Apply(call, await read(call, ct)));
            list.NoteUnknown(call, view: null);
            return call.HasComplaint ? ExitStatus.Problem : ExitStatus.Ok;
        });
    }

    private static CliException NoSuchForm(Verb verb, OutputForm form) => new(
        verb.Forms.Count == 1
            ? $"nodepool {verb.Name} has no other forms of output: leave -o {form.Word()} out"
            : $"nodepool {verb.Name} prints no list, so there is no -o {form.Word()}; there are {string.Join(", ", verb.Forms.Select(OutputForms.Word))}",
        ExitStatus.Usage);

    private int Report(CliCall call, Exception exception)
    {
        if (call.IsDebugging)
        {
            world.Error.WriteLine(exception);
        }

        var message = exception is OperationCanceledException ? "interrupted" : ExceptionText.Line(exception);
        world.Error.WriteLine($"nodepool: {message}{(ExceptionText.IsForPeople(exception) || call.IsDebugging ? "" : " (--debug shows where)")}");
        return exception is OperationCanceledException ? ExitStatus.Interrupted : (exception as CliException)?.Status ?? ExitStatus.Problem;
    }
}
