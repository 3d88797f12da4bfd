using System.Text;
using System.Text.RegularExpressions;

namespace Nodepool.Tests.Config;

/// <summary>
/// Damages configuration files the way people and machines do. Knows block style: a line with all lines below it that are indented
/// deeper is one branch of the tree, which can be dropped, doubled, exchanged, renamed or given another type.
/// </summary>
/// <param name="random">Where chance comes from; the same seed gives the same file.</param>
internal sealed partial class ConfigMutation(Random random)
{
    private static readonly string[] Values =
    [
        "yes", "-1", "0", "1.5", "0x", "1e999", ".nan", "~", "", "[]", "{}", "[a, b]", "{a: b}", "[[]]", "'text'", "\"\\q\"", "*all", "&all x", "|", "!!int x", "a: b", "99999999999999999999",
        "%(NODEPOOL_A)", "2017-08-09", "ä日😀", "'", "[", "{", "- x", "@", "''", "openstack", "fake", "main", "{{ x }}", "<<",
    ];

    private static readonly string[] Keys =
    [
        "name", "labels", "providers", "images", "pools", "diskimages", "image", "driver", "min-ready", "max-servers", "cloud-images", "parent", "networks", "env-vars", "<<", "?", "",
        "jenkins", "targets", "cron", "password", "username", "cloud", "min-ram", "'a b'", "yes", "1",
    ];

    private static readonly string[] Noise = ["\t", "\0", "\uFEFF", "\u2028", "\u0085", "\uD800", "\r", "---\n", "...\n", "# ", ": ", "- ", "\n", "  ", "%", "`", "💥"];

    /// <summary>The file after one to three changes.</summary>
    public byte[] Apply(string text)
    {
        var changed = text;
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            changed = random.Next(10) < 7 ? ChangeTree(changed) : ChangeText(changed);
        }

        var bytes = Encoding.UTF8.GetBytes(changed);
        if (bytes.Length > 0 && random.Next(20) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private string ChangeTree(string text)
    {
        var lines = text.Split('\n').ToList();
        var (start, count) = Branch(lines);
        var branch = lines.GetRange(start, count);
        switch (random.Next(8))
        {
            case 0:
                lines.RemoveRange(start, count);
                break;
            case 1:
                lines.InsertRange(start, branch);
                break;
            case 2:
                lines[start] = KeyOf().Replace(lines[start], match => match.Groups[1].Value + Pick(Keys) + ":", 1);
                break;
            case 3:
                lines[start] = KeyOf().Replace(lines[start], match => match.Groups[1].Value + Misspell(match.Groups[2].Value) + ":", 1);
                break;
            case 4:
                lines.RemoveRange(start, count);
                lines.Insert(start, KeyOf().Match(branch[0]) is { Success: true } key ? key.Value + " " + Pick(Values) : branch[0].Split('-')[0] + "- " + Pick(Values));
                break;
            case 5:
                lines.RemoveRange(start, count);
                lines.InsertRange(random.Next(lines.Count + 1), branch);
                break;
            case 6:
                var (other, length) = Branch(lines);
                (lines[start], lines[other]) = (lines[other], lines[start]);
                lines.RemoveRange(Math.Min(other + 1, lines.Count), Math.Min(length / 2, lines.Count - Math.Min(other + 1, lines.Count)));
                break;
            default:
                var indent = random.Next(3) - 1;
                for (var line = start; line < start + count; line++)
                {
                    lines[line] = indent < 0 && lines[line].StartsWith(' ') ? lines[line][1..] : new string(' ', Math.Max(0, indent)) + lines[line];
                }

                break;
        }

        return string.Join('\n', lines);
    }

    private string ChangeText(string text)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 30), text.Length - at);
        return random.Next(4) switch
        {
            0 => text[..at],
            1 => text.Remove(at, length),
            2 => text.Insert(at, Pick(Noise)),
            _ => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
        };
    }

    private (int Start, int Count) Branch(List<string> lines)
    {
        var start = random.Next(lines.Count);
        var count = 1;
        while (start + count < lines.Count && (lines[start + count].Length == 0 || Indent(lines[start + count]) > Indent(lines[start])))
        {
            count++;
        }

        return (start, count);
    }

    private string Misspell(string word)
    {
        if (word.Length < 2)
        {
            return word + word;
        }

        var at = random.Next(word.Length - 1);
        return random.Next(3) switch
        {
            0 => word.Remove(at, 1),
            1 => word[..at] + word[at + 1] + word[at] + word[(at + 2)..],
            _ => word.Replace('-', '_'),
        };
    }

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    [GeneratedRegex(@"^( *(?:- )?)([\w-]+):")]
    private static partial Regex KeyOf();
}
