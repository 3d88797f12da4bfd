using System.Text.RegularExpressions;

namespace Nodepool.ImageTools;

/// <summary>
/// What the output of disk-image-create says about how far it is, and why it failed. Called from one thread at a time.
/// </summary>
/// <remarks>
/// Every line has the time before it. Most are traces of the shell: of disk-image-create itself (they name its file, function and line), and of the
/// scripts of elements. After a failure come the traces and words of the clean-up, far more than the end of an output that others keep.
/// </remarks>
internal sealed partial class DibOutput
{
    private const int MostLines = 40;

    private static readonly (string Beginning, string Phase)[] Sentences =
    [
        ("Building elements:", "collecting elements"),
        ("Calculating image size", "making the disk"),
        ("Converting image using qemu-img", "converting"),
    ];

    private readonly Queue<string> _said = new();
    private string? _script;
    private bool _cleansUp;

    /// <summary>The script of an element that runs now, as <c>install.d/50-name</c>; null between scripts.</summary>
    public string? Script => _script;

    /// <summary>
    /// What was said before it failed, without times: by the script that ran last, or else since the one before. Without the traces of
    /// disk-image-create itself.
    /// </summary>
    public string Said => string.Join('\n', _said);

    /// <summary>The phase that begins with a line, or null.</summary>
    public string? PhaseOf(string line)
    {
        if (_cleansUp)
            return null;
        var said = Time().Replace(line, "");
        if (Own().Match(said) is { Success: true } own)
        {
            _cleansUp = own.Groups["function"].Value == "trap_cleanup";
            return null;
        }

        // Nearly all lines are of package managers.
        if (said.StartsWith("dib-run-parts ", StringComparison.Ordinal))
            return PhaseOfScript(said);
        Keep(said);
        return Array.Find(Sentences, sentence => said.StartsWith(sentence.Beginning, StringComparison.Ordinal)).Phase;
    }

    private string? PhaseOfScript(string said)
    {
        if (Running().Match(said) is { Success: true } running)
        {
            _script = $"{running.Groups["hook"].Value}/{running.Groups["script"].Value}";
            _said.Clear();
            return running.Groups["hook"].Value;
        }

        if (Completed().Match(said) is { Success: true } completed && _script?.EndsWith('/' + completed.Groups["script"].Value) == true)
        {
            _script = null;
            _said.Clear();
        }

        return null;
    }

    private void Keep(string said)
    {
        // What package-installs passes on of a package manager has a mark before it.
        var text = (said.StartsWith("> ", StringComparison.Ordinal) ? said[2..] : said).TrimEnd();
        if (text.Length == 0)
            return;
        if (_said.Count == MostLines)
            _said.Dequeue();
        _said.Enqueue(text);
    }

    // The shell doubles the sign for each level; a trace of a script, which has no place in it, is the script's own.
    [GeneratedRegex(@"^(?:\++ \S*diskimage_builder/lib/[a-z-]+:(?<function>\w+):\d+ |(?:DEBUG|INFO) diskimage_builder\.)")]
    private static partial Regex Own();

    [GeneratedRegex(@"^dib-run-parts .*?Running (?:\S*/)?(?<hook>[a-z][a-z-]*\.d)/(?<script>[0-9A-Za-z_-]+)\s*$")]
    private static partial Regex Running();

    [GeneratedRegex(@"^dib-run-parts .*?(?<script>[0-9A-Za-z_-]+) completed\s*$")]
    private static partial Regex Completed();

    [GeneratedRegex(@"^[0-9-]+ [0-9:.]+ \| ")]
    private static partial Regex Time();
}
