using Nodepool.Cli;
using Nodepool.Guide;

namespace Nodepool.Roles;

/// <summary>Runs <see cref="UpCheck"/> as a role, ends the process in order when it is done, and keeps what it found for the exit status.</summary>
internal sealed class CheckOutcome(StopSignal stop)
{
    /// <summary>Why the check failed; null while it has not.</summary>
    public CliException? Failure { get; private set; }

    /// <summary>The check has passed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Runs the check once.</summary>
    public async Task RunAsync(UpCheck check, CancellationToken ct)
    {
        try
        {
            await check.RunAsync(ct);
            IsDone = true;
        }
        catch (CliException e)
        {
            Failure = e;
        }
        catch (Core.Operations.OperationRefusedException e)
        {
            Failure = new CliException($"check: {e.Message}");
        }

        stop.Raise();
    }
}
