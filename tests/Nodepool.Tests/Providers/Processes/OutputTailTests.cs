using System.Text;
using Nodepool.Providers.Processes;

namespace Nodepool.Tests.Providers.Processes;

public sealed class OutputTailTests
{
    [Fact]
    public void Text_BelowTheLimit_IsWholeAndTrimmed() => Assert.Equal("one\ntwo", Tail("one\n", "two\n\n"));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void Text_BeyondTheLimit_IsItsLastWholeLines(int chunk)
    {
        var text = string.Concat(Enumerable.Range(0, 9000).Select(number => $"line {number}\n"));

        var tail = Tail([.. text.Chunk(chunk).Select(part => new string(part))]);

        Assert.EndsWith("line 8998\nline 8999", tail, StringComparison.Ordinal);
        Assert.StartsWith("line ", tail, StringComparison.Ordinal);
        Assert.InRange(tail.Length, OutputTail.Limit - 20, OutputTail.Limit);
    }

    [Fact]
    public void Text_OneEndlessLine_IsItsEnd() => Assert.Equal(new string('x', OutputTail.Limit), Tail(new string('x', 3 * OutputTail.Limit)));

    private static string Tail(params string[] chunks)
    {
        var tail = new OutputTail();
        foreach (var chunk in chunks)
        {
            tail.Append(Encoding.UTF8.GetBytes(chunk));
        }

        return tail.ToString();
    }
}
