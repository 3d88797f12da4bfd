using Nodepool.Providers.Processes;

namespace Nodepool.Tests.Providers.Processes;

public sealed class ProcStatTests
{
    private const string Rest = "1 4711 4710 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654321 10 11";

    [Theory]
    [InlineData("42 (sleep) S " + Rest, 'S', true)]
    [InlineData("42 (a b) c) Z " + Rest, 'Z', false)]
    [InlineData("42 (() R (x) S " + Rest, 'S', true)]
    public void Parse_NameWithBlanksAndBrackets_FindsTheFields(string text, char state, bool runs)
    {
        var stat = ProcStat.Parse(text);

        Assert.Equal(new ProcStat(state, 4710, 987654321, Threads: 1, Parent: 1), stat);
        Assert.Equal(runs, stat!.Value.Runs);
    }

    [Fact]
    public void Parse_ZombieWithThreadsThatStillRun_Runs()
    {
        var stat = ProcStat.Parse("42 (qemu) Z 1 4711 4710 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 3 0 987654321 10 11");

        Assert.Equal(3, stat!.Value.Threads);
        Assert.True(stat.Value.Runs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 (sleep) S 1 2 3")]
    [InlineData("42 sleep S " + Rest)]
    public void Parse_OtherText_IsNull(string text) => Assert.Null(ProcStat.Parse(text));
}
