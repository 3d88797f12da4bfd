using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.V2;

namespace Nodepool.Core.Config.Reading;

/// <summary>A configuration file in the present form, whatever form it had.</summary>
/// <param name="Text">The file; null when it cannot be told what it means.</param>
/// <param name="IsPresent">It had the present form already, and <paramref name="Text"/> is what it held.</param>
/// <param name="Problems">Why it cannot be told; else empty: what is wrong apart from the form is found by reading the file.</param>
public sealed record ConfigMigration(string? Text, bool IsPresent, ValueList<ConfigProblem> Problems)
{
    /// <summary>
    /// Writes a file in the present form. Environment variables stay references, so no value of them appears; neither does a password
    /// of an account that the present form keeps elsewhere.
    /// </summary>
    /// <param name="source">The file.</param>
    public static ConfigMigration Of(ConfigText source)
    {
        var (open, close) = Marks(source.Original);
        var document = ConfigDocument.Parse(source.File, source.Original, name => $"{open}{name}{close}", source.Directory);
        var form = document.Root is { } root ? FormRecognition.Recognise(root) : null;
        if (form is ConfigForm.Present)
        {
            return new(source.Original, true, []);
        }

        if (form is null || document.Root is not { } old)
        {
            return new(null, false, document.Problems.Where(problem => problem.IsError).ToValueList());
        }

        var translation = V2Translator.Translate(old);
        if (document.HasErrors)
        {
            return new(null, false, document.Problems.Where(problem => problem.IsError).ToValueList());
        }

        var text = TreeWriter.Write(
            translation, old.Node, document.Text.Expanded,
            $"Written by 'nodepool config-migrate' from {Wording.Printable(source.File, 200)}, which had the form before Nodepool 3.",
            "Comments that begin with 'v2:' say what was left out or is different.");
        return new(text.Replace($"{open}", "%(", StringComparison.Ordinal).Replace($"{close}", ")", StringComparison.Ordinal), false, []);
    }

    /// <summary>Two characters that the text does not have, to stand for the ends of a reference to a variable.</summary>
    private static (char Open, char Close) Marks(string text)
    {
        var free = Enumerable.Range(0xE000, 0x1900).Select(code => (char)code).Where(mark => !text.Contains(mark)).Take(2).ToArray();
        return free.Length == 2 ? (free[0], free[1]) : ('\uE000', '\uE001');
    }
}
