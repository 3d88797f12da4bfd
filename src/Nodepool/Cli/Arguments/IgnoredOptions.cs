using System.CommandLine;

namespace Nodepool.Cli.Arguments;

/// <summary>
/// Options that <c>nodepoold</c> took for its built-in builder until builders became processes of their own. Unit files still have them:
/// they are accepted, and a warning says that they do nothing.
/// </summary>
internal sealed class IgnoredOptions
{
    private readonly Option<bool> _noBuilder = new("--no-builder") { Hidden = true };
    private readonly Option<string> _buildWorkers = new("--build-workers") { Hidden = true };
    private readonly Option<string> _uploadWorkers = new("--upload-workers") { Hidden = true };

    public Option[] All => [_noBuilder, _buildWorkers, _uploadWorkers];

    /// <summary>Says which of them were given.</summary>
    public void Warn(CliCall call)
    {
        foreach (var option in All.Where(call.IsGiven))
        {
            call.Note($"nodepool: warning: {option.Name} does nothing here: images are built by nodepool-builder; leave it away");
        }
    }
}
