using Nodepool.Cli.Completion;

namespace Nodepool.Tests.Cli;

public sealed class CompletionTests : IDisposable
{
    private readonly TestCli _cli = new();

    public CompletionTests() => RichStore.Fill(_cli.Store);

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("nodepool image-p", "image-pause")]
    [InlineData("nodepool dib-image-", "dib-image-list dib-image-delete")]
    [InlineData("nodepool list --st", "--state")]
    [InlineData("nodepool list --state fa", "failed")]
    [InlineData("nodepool list --state=ready,in", "--state=ready,in-use --state=ready,init")]
    [InlineData("nodepool list --state ready,ready,u", "ready,ready,used")]
    [InlineData("nodepool list -o c", "csv")]
    [InlineData("nodepool list --output=y", "--output=yaml")]
    [InlineData("nodepool list --label ", "debian debian-large other remote")]
    [InlineData("nodepool list --provider e", "elsewhere")]
    [InlineData("nodepool hold 000000001", "0000000010 0000000011 0000000012 0000000013")]
    [InlineData("nodepool return 0000000010 0000000011 000000001", "0000000012 0000000013")]
    [InlineData("nodepool hold 1 --re", "--reason")]
    [InlineData("nodepool hold 1 ", "")]
    [InlineData("nodepool hold --reason why 000000001", "0000000010 0000000011 0000000012 0000000013")]
    [InlineData("nodepool hold -- 000000001", "0000000010 0000000011 0000000012 0000000013")]
    [InlineData("nodepool request --take 1", "100-0000000001")]
    [InlineData("nodepool image-pause f", "fedora")]
    [InlineData("nodepool dib-image-delete debian-12-", "debian-12-90fe1122 debian-12-77aa0b31 debian-12-4f1c9d2e")]
    [InlineData("nodepool image-delete --image debian-12 --build-id ", "90fe1122 77aa0b31 4f1c9d2e")]
    [InlineData("nodepool image-delete --image debian-12 --build-id 77aa0b31 --provider cloud --upload-id ", "0000000001 0000000002")]
    [InlineData("nodepool image-delete --image idle --upload-id ", "")]
    [InlineData("nodepool request-list --fields id,re", "id,relative_priority id,requestor id,reuse")]
    [InlineData("nodepool -c ", ":files")]
    [InlineData("nodepool list --config=/et", ":files")]
    [InlineData("nodepool man --write ", ":dirs")]
    [InlineData("nodepool man dib", "dib-image-list dib-image-delete")]
    [InlineData("nodepool completion ", "bash fish zsh")]
    [InlineData("nodepool nonsense ", "")]
    [InlineData("nodepool-launcher --no-w", "--no-webapp")]
    [InlineData("/usr/bin/nodepool-builder --build", "--build-workers")]
    [InlineData("nodepool launcher --no-b", "")]
    public async Task Line_HalfTyped_IsCompleted(string line, string expected)
    {
        var words = line.Split(' ');

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), await CompleteAsync("zsh", words.Length - 1, words));
    }

    [Fact]
    public async Task Bash_HasTakenWordsApartAtTheEqualsSign()
    {
        Assert.Equal(["json"], await CompleteAsync("bash", 4, "nodepool", "list", "--output", "=", "js"));
        Assert.Equal(5, (await CompleteAsync("bash", 3, "nodepool", "list", "--output", "=")).Length);
        Assert.Equal(["ready,used"], await CompleteAsync("bash", 4, "nodepool", "list", "--state", "=", "ready,us"));
    }

    [Fact]
    public async Task Words_BehindTheCursor_DoNotMatter() => Assert.Equal(["list"], await CompleteAsync("bash", 1, "nodepool", "li", "--state", "ready"));

    [Fact]
    public async Task Hint_OfANode_TellsItsLabelAndState()
    {
        Assert.Equal(0, await _cli.RunAsync(CompletionCall.Word, "zsh", "2", "nodepool", "hold", "0000000005"));

        Assert.Equal("0000000005\tremote in-use elsewhere\n", _cli.Out);
    }

    [Fact]
    public async Task StoreThatCannotBeOpened_LeavesTheNamesOfTheConfiguration()
    {
        _cli.OpenFault = new Nodepool.Core.State.StateException(Nodepool.Core.State.StateFault.Corrupt, "/x", "damaged");

        Assert.Equal(["debian", "other"], await CompleteAsync("zsh", 3, "nodepool", "list", "--label", ""));
    }

    [Fact]
    public async Task AnyOtherFault_IsSilence()
    {
        _cli.OpenFault = new InvalidOperationException("surprise");

        Assert.Empty(await CompleteAsync("zsh", 2, "nodepool", "hold", ""));
        Assert.Equal("", _cli.Error);
    }

    [Fact]
    public async Task WrongCalls_AreSilent()
    {
        Assert.Equal(2, await _cli.RunAsync(CompletionCall.Word));
        Assert.Equal(2, await _cli.RunAsync(CompletionCall.Word, "bash", "x", "nodepool"));
        Assert.Equal("", _cli.Out + _cli.Error);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Script_OfAShell_NamesAllNamesOfTheProgram(string shell)
    {
        Assert.Equal(0, await _cli.RunAsync("completion", shell));
        Assert.Contains("nodepool nodepoold nodepool-launcher nodepool-builder", _cli.Out, StringComparison.Ordinal);
        Assert.Contains($"{CompletionCall.Word} {shell} ", _cli.Out, StringComparison.Ordinal);
    }

    private async Task<string[]> CompleteAsync(string shell, int index, params string[] words)
    {
        var before = _cli.Out.Length;
        await _cli.RunAsync([CompletionCall.Word, shell, $"{index}", .. words]);
        return [.. _cli.Out[before..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];
    }
}
