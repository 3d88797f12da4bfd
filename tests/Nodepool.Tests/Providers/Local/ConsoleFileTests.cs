using Nodepool.Providers.Local.Machines;

namespace Nodepool.Tests.Providers.Local;

public sealed class ConsoleFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Tail_OfASerialConsole_HasNoControlCharacters()
    {
        await File.WriteAllTextAsync(_path, "\e[1;31mred\e[0m\r\nplain\ttab\a\r\n", Ct);

        Assert.Equal("red\nplain\ttab\n", await ConsoleFile.TailAsync(_path, Ct));
    }

    [Fact]
    public async Task Tail_OfALongConsole_IsItsEnd()
    {
        await File.WriteAllTextAsync(_path, new string('a', ConsoleFile.TailLength) + "end", Ct);

        var tail = await ConsoleFile.TailAsync(_path, Ct);

        Assert.Equal(ConsoleFile.TailLength, tail!.Length);
        Assert.EndsWith("aend", tail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mark_AtTheEndOfALine_IsSeen()
    {
        await File.WriteAllTextAsync(_path, "[    2.1] x\r\nnode: network up\r\n", Ct);

        Assert.True(await ConsoleFile.HasLineAsync(_path, VmCommand.NetworkMark, Ct));
        Assert.False(await ConsoleFile.HasLineAsync(_path, VmCommand.TrialMark, Ct));
        Assert.False(await ConsoleFile.HasLineAsync(_path + ".none", VmCommand.NetworkMark, Ct));
        Assert.Null(await ConsoleFile.TailAsync(_path + ".none", Ct));
    }

    [Fact]
    public void Quote_OfAConsole_IsItsLastLinesInOne()
    {
        Assert.Equal("its console ends with: a | b", ConsoleFile.Quote("\na\n  b\n\n"));
        Assert.Equal("its console is empty", ConsoleFile.Quote(null));
    }
}
