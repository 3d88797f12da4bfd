using System.CommandLine;
using Nodepool.Logging;

namespace Nodepool.Cli;

/// <summary>What is the same for every command: from the parsed line to the exit status, and from an exception to one clear line.</summary>
internal sealed class CommandFrame(CliWorld world, GlobalOptions options)
{
    /// <summary>Says what a command does when it is called.</summary>
    public Command Action(Command command, Func<CliCall, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parsed, ct) =>
        {
            using var call = new CliCall(world, options, parsed);
            try
            {
                return await run(call, ct);
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
        return (exception as CliException)?.Status ?? ExitStatus.Problem;
    }
}
