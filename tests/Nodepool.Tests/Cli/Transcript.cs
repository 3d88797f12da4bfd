using System.Globalization;
using System.Text;

namespace Nodepool.Tests.Cli;

/// <summary>
/// Command lines and what they print, as one sees them in a terminal: <c>$ nodepool …</c>, standard output, lines of standard error
/// behind <c>! </c>, an exit status that is not 0 in brackets.
/// </summary>
internal static class Transcript
{
    private const string Prompt = "$ nodepool ";

    /// <summary>The command lines of a transcript, without the name of the program.</summary>
    public static IReadOnlyList<string> Lines(string transcript) =>
        [.. transcript.Split('\n').Where(line => line.StartsWith(Prompt, StringComparison.Ordinal)).Select(line => line[Prompt.Length..])];

    /// <summary>Runs the lines one after the other on one store.</summary>
    public static async Task<string> RunAsync(TestCli cli, IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            var (answered, complained) = (cli.Out.Length, cli.Error.Length);
            var status = await cli.RunAsync(Words(line));
            text.Append(text.Length == 0 ? "" : "\n").Append(Prompt).Append(line).Append('\n').Append(cli.Out[answered..]);
            foreach (var complaint in cli.Error[complained..].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append("! ").Append(complaint).Append('\n');
            }

            text.Append(status == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[exit status {status}]\n"));
        }

        return text.ToString();
    }

    /// <summary>Words as a shell finds them; quotes are single ones.</summary>
    public static string[] Words(string line)
    {
        var words = new List<string>();
        foreach (var (piece, index) in line.Split('\'').Select((piece, index) => (piece, index)))
        {
            if (index % 2 == 1)
            {
                words.Add(piece);
            }
            else
            {
                words.AddRange(piece.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return [.. words];
    }
}
