using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Config;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Logging;

namespace Nodepool.Cli.Completion;

/// <summary>
/// What the scripts of the shells call while somebody presses the tabulator: <c>nodepool __complete SHELL INDEX WORD…</c>, where the
/// words are the line with the program's name and INDEX (from 0) tells which of them is being typed. Prints one suggestion per line, its
/// hint behind a tabulator; or <c>:files</c> or <c>:dirs</c>. Never complains and never takes long: somebody waits for the keyboard.
/// </summary>
internal sealed class CompletionCall(CliWorld world, RootCommand root, GlobalOptions options)
{
    public const string Word = "__complete";

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1500);

    /// <param name="arguments">Those behind <see cref="Word"/>.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The exit status; the shells do not look at it.</returns>
    public async Task<int> RunAsync(string[] arguments, CancellationToken ct)
    {
        if (arguments is not [var shell, var index, .. var words] || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at < 1)
        {
            return ExitStatus.Usage;
        }

        using var limit = new CancellationTokenSource(Limit, world.Sources.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            // On a thread of its own: neither a slow disk nor a store that another process holds may keep the keyboard.
            world.Out.Write(await Task.Run(() => Answer(shell, at, words, end.Token), CancellationToken.None).WaitAsync(end.Token));
            return ExitStatus.Ok;
        }
#pragma warning disable CA1031 // Whatever it is: a message would be printed into the line that somebody types.
        catch (Exception)
#pragma warning restore CA1031
        {
            return ExitStatus.Problem;
        }
    }

    private string Answer(string shell, int at, IReadOnlyList<string> words, CancellationToken ct)
    {
        var line = words.Take(at + 1).ToList();
        if (line.Count <= at)
        {
            line.Add("");
        }

        var typed = CallName.Expand(Path.GetFileName(line[0]), shell == "bash" ? Joined([.. line.Skip(1)]) : [.. line.Skip(1)]);
        var suggestions = new Completer(root, words => Live(words, ct)).Complete(typed);

        // bash has taken "--output=" off the word already and would put it there twice.
        var cut = shell == "bash" && typed is [.., var last] && last.StartsWith('-') ? last.IndexOf('=', StringComparison.Ordinal) + 1 : 0;
        return string.Concat(suggestions.Select(suggestion => $"{Cut(suggestion.Text, cut)}\t{Printable.Line(suggestion.Hint)}\n"));
    }

    /// <summary>bash splits at "=": <c>--output = js</c> was typed as one word.</summary>
    private static List<string> Joined(IReadOnlyList<string> words)
    {
        var joined = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "=" && joined is [.., var last] && last.StartsWith("--", StringComparison.Ordinal))
            {
                joined[^1] = last + "=" + (i + 1 < words.Count ? words[++i] : "");
            }
            else
            {
                joined.Add(words[i]);
            }
        }

        return joined;
    }

    private static string Cut(string text, int cut) => text is Completer.Files or Completer.Directories || cut > text.Length ? text : text[cut..];

    private LiveState Live(TypedWords typed, CancellationToken ct)
    {
        string? Given(Option option) => typed.ValuesOf(option) is [.., var value] ? InHome(value) : null;
        var loaded = world.ReadConfig(Given(options.Config) ?? GlobalOptions.DefaultConfig, Given(options.Secure));
        var view = loaded.Store is null ? new ClusterView() : ReadAsync(loaded.Store, ct).GetAwaiter().GetResult();
        return new LiveState(view, loaded.Result.Config) { Image = typed.ValueOf("IMAGE"), Provider = typed.ValueOf("PROVIDER"), Build = typed.ValueOf("BUILD") };
    }

    /// <summary>The names of the configuration are worth something without a store too.</summary>
    private async Task<ClusterView> ReadAsync(StorePlace place, CancellationToken ct)
    {
        try
        {
            await using var engine = await world.OpenStore(place, NullLoggerFactory.Instance, ct);
            return await CliCall.ViewAsync(engine, ct);
        }
        catch (Exception e) when (e is CliException or StateException)
        {
            return new ClusterView();
        }
    }

    /// <summary>The shell has not replaced the tilde yet.</summary>
    private static string InHome(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;
}
