using System.Text;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Splits a command line into words by the quoting rules of a POSIX shell; expands nothing.</summary>
internal static class ShellWords
{
    /// <summary>The words; null when a quote is not closed or the text ends in a backslash.</summary>
    public static ValueList<string>? Split(string command)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < command.Length; i++)
        {
            switch (command[i])
            {
                case ' ' or '\t' or '\n' or '\r':
                    if (word is not null)
                    {
                        words.Add(word.ToString());
                        word = null;
                    }

                    break;
                case '\'' or '"':
                    word ??= new StringBuilder();
                    i = ReadQuoted(command, i, word);
                    break;
                case '\\':
                    i++;
                    (word ??= new StringBuilder()).Append(i < command.Length ? command[i] : '\\');
                    break;
                default:
                    (word ??= new StringBuilder()).Append(command[i]);
                    break;
            }

            if (i >= command.Length)
            {
                return null;
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return words.ToValueList();
    }

    /// <summary>The offset of the closing quote, or the text's length when there is none.</summary>
    private static int ReadQuoted(string command, int open, StringBuilder word)
    {
        var quote = command[open];
        var at = open + 1;
        for (; at < command.Length && command[at] != quote; at++)
        {
            if (quote == '"' && command[at] == '\\' && at + 1 < command.Length && command[at + 1] is '"' or '\\' or '$' or '`')
            {
                at++;
            }

            word.Append(command[at]);
        }

        return at;
    }
}
