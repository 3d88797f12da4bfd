using System.Collections;
using Nodepool.Core.Collections;
using Nodepool.Core.Images;
using Nodepool.Core.Imaging;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>Runs the programs of one build: their output goes to the build's log without secrets, their failure becomes the build's.</summary>
internal sealed class BuildStep(ImageBuildOrder order, BuildWork work, TimeProvider time)
{
    // A child has our own environment too, where daemons are often given passwords of clouds.
    private readonly BuildSecrets _secrets = BuildSecrets.Of(order.Image, Inherited());

    /// <summary>Environment of every step, before what a step adds: the build's mark and the operator's <c>env-vars</c>.</summary>
    public ValueMap<string> Environment { get; init; } = new([.. work.Environment, .. order.Image.EnvVars]);

    /// <summary>The part of a failed program's last lines in which the reason is to be looked for; all of them unless a tool knows better.</summary>
    public Func<string, string> Reasons { get; init; } = lastLines => lastLines;

    /// <summary>Runs a program; output lines go to <paramref name="onLine"/> too.</summary>
    /// <exception cref="ImageBuildException">It is missing, or its exit status is not 0.</exception>
    public async Task RunAsync(string program, ValueList<string> arguments, CancellationToken ct, byte[]? input = null, Action<string>? onLine = null)
    {
        try
        {
            await File.AppendAllTextAsync(order.LogPath, $"+ {_secrets.Hide($"{program} {string.Join(' ', arguments)}")}\n", ct);
            var process = new ProcessOrder
            {
                Program = program,
                Arguments = arguments,
                Environment = Environment,
                WorkingDirectory = work.Root,
                Input = input,
                LogPath = order.LogPath,
                Cover = _secrets.Hide,
                OnLine = onLine,
                EndForeign = pid => BuildRemains.KillForeignAsync(pid, time),
            };
            var outcome = await ChildProcess.RunAsync(process, time, ct);
            await File.AppendAllTextAsync(order.LogPath, $"Exit code: {outcome.ExitCode}\n", ct);
            if (outcome.ExitCode != 0)
                throw new ImageBuildException(BuildFault.Describe(program, outcome with { LastLines = Reasons(outcome.LastLines) }, order, work.Root));
        }
        catch (ProgramMissingException e)
        {
            throw new ImageBuildException(e.Message, e);
        }
        catch (IOException e)
        {
            throw new ImageBuildException(BuildFault.Describe(e, order, work.Root), e);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Inherited() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""));
}
