using System.CommandLine;

namespace Nodepool.Cli.Commands;

/// <summary>Asks before something is destroyed that cannot be brought back.</summary>
internal static class Confirmation
{
    /// <summary>The option that skips the question.</summary>
    public static Option<bool> ForceOption() => new("--force") { Description = "Do not ask" };

    /// <summary>
    /// Returns when it may be done: forced, or the person at the terminal says yes. For verbs that always asked.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="force">The option; null when the verb has none.</param>
    /// <param name="question">What would be done to what, as a question: "Erase 3 nodes of provider x?".</param>
    /// <param name="ct">Cancels the wait for the answer.</param>
    /// <exception cref="CliException">The person says no, or there is nobody to ask.</exception>
    public static async Task RequireAsync(CliCall call, Option<bool> force, string question, CancellationToken ct)
    {
        if (call.Value(force))
        {
            return;
        }

        if (!call.World.InIsTerminal)
        {
            throw new CliException($"{question} Standard input is no terminal, so nobody can be asked: --force does it without a question");
        }

        await AskAsync(call, question, ct);
    }

    /// <summary>The same, but without a terminal it is done: for verbs that scripts of the field have always called without an answer.</summary>
    public static Task AskPersonAsync(CliCall call, Option<bool> force, string question, CancellationToken ct) =>
        call.Value(force) || !call.World.InIsTerminal || !call.World.ErrorIsTerminal ? Task.CompletedTask : AskAsync(call, question, ct);

    private static async Task AskAsync(CliCall call, string question, CancellationToken ct)
    {
        await call.World.Error.WriteAsync($"{Logging.Printable.Line(question)} [y/N] ");
        await call.World.Error.FlushAsync(ct);
        var answer = await AnswerAsync(call, ct);
        if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new CliException("nothing was changed");
        }
    }

    private static async Task<string?> AnswerAsync(CliCall call, CancellationToken ct)
    {
        try
        {
            // Reading blocks; Ctrl-C ends the wait for it.
            return await Task.Run(call.World.ReadLine, ct).WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            await call.World.Error.WriteLineAsync();
            throw;
        }
    }
}
