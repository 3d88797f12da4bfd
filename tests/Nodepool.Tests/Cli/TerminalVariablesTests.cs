using Nodepool.Cli;

namespace Nodepool.Tests.Cli;

public sealed class TerminalVariablesTests
{
    [Theory]
    [InlineData(null, null, true, false)]
    [InlineData("xterm-256color", null, true, false)]
    [InlineData("xterm", "", true, false)]
    [InlineData("xterm", "1", false, false)]
    [InlineData("xterm", "0", false, false)]
    [InlineData("dumb", null, false, true)]
    [InlineData("dumb-emacs", null, true, false)]
    public void Variables_SayWhetherToColourAndToDraw(string? term, string? noColour, bool wantsColour, bool isDumb)
    {
        var terminal = new TerminalVariables(name => name switch
        {
            "TERM" => term,
            "NO_COLOR" => noColour,
            _ => throw new InvalidOperationException($"{name} has no part in it"),
        });

        Assert.Equal((wantsColour, isDumb), (terminal.WantsColour, terminal.IsDumb));
    }
}
