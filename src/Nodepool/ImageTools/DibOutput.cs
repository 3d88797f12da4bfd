using System.Text.RegularExpressions;

namespace Nodepool.ImageTools;

/// <summary>What the output of disk-image-create says about how far it is. Called from one thread at a time.</summary>
internal sealed partial class DibOutput
{
    private static readonly (string Beginning, string Phase)[] Sentences =
    [
        ("Building elements:", "collecting elements"),
        ("Converting image using qemu-img", "converting"),
        ("Compressing the image", "compressing"),
    ];

    private string? _script;

    /// <summary>The script of an element that runs now, as <c>install.d/50-name</c>; null between scripts.</summary>
    public string? Script => _script;

    /// <summary>The phase that begins with a line, or null.</summary>
    public string? PhaseOf(string line)
    {
        // Nearly all lines are of package managers.
        if (line.Contains("dib-run-parts", StringComparison.Ordinal))
        {
            if (Running().Match(line) is { Success: true } running)
            {
                _script = $"{running.Groups["hook"].Value}/{running.Groups["script"].Value}";
                return running.Groups["hook"].Value;
            }

            if (Completed().Match(line) is { Success: true } completed && _script?.EndsWith('/' + completed.Groups["script"].Value) == true)
                _script = null;
            return null;
        }

        var said = Time().Replace(line, "");
        return Array.Find(Sentences, sentence => said.StartsWith(sentence.Beginning, StringComparison.Ordinal)).Phase;
    }

    [GeneratedRegex(@"^(?:\S+ \S+ \| )?dib-run-parts .*?Running (?:\S*/)?(?<hook>[a-z][a-z-]*\.d)/(?<script>[0-9A-Za-z_-]+)\s*$")]
    private static partial Regex Running();

    [GeneratedRegex(@"^(?:\S+ \S+ \| )?dib-run-parts .*?(?<script>[0-9A-Za-z_-]+) completed\s*$")]
    private static partial Regex Completed();

    [GeneratedRegex(@"^[0-9-]+ [0-9:.]+ \| ")]
    private static partial Regex Time();
}
