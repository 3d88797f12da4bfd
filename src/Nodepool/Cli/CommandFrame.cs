using System.CommandLine;
using Nodepool.Logging;

namespace Nodepool.Cli;

/// <summary>What is the same for every command: from the parsed line to the exit status, and from an exception to one clear line.</summary>
internal sealed class CommandFrame(CliWorld world, GlobalOptions options)
{
    /// <summary>Says what a command does when it is called.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Runs it; the token is cancelled by the first Ctrl-C, the second ends the process without waiting for it.</param>
    /// <param name="hosts">It hosts roles, which deal with the second Ctrl-C themselves.</param>
    public Command Action(Command command, Func<CliCall, CancellationToken, Task<int>> run, bool hosts = false)
    {
        command.SetAction(async (parsed, ct) =>
        {
            using var call = new CliCall(world, options, parsed);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(ct, world.Stop.Requested);
            try
            {
                var running = run(call, until.Token);
                return hosts || await Task.WhenAny(running, world.Stop.Immediately) == running ? await running : ExitStatus.Interrupted;
            }
#pragma warning disable CA1031 // The last place where an exception can become a sentence.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return Report(call, e);
            }
        });
        return command;
    }

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
