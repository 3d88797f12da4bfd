using Nodepool.Providers.Scanning;

namespace Nodepool.Tests.Providers.Scanning;

public sealed class PortWatchTests
{
    private readonly ScriptedPort _port = new();
    private readonly Task _watch;

    public PortWatchTests() =>
        _watch = new PortWatch(_port.LookAsync, _port.Time).WaitAsync(ScriptedPort.Order, _ => { }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Watch_OfABannerAtOnce_NeedsOneLook()
    {
        _port.Answer(0, SightingKind.Answered);

        await _watch;
        Assert.Equal(1, _port.Looks);
    }

    [Fact]
    public async Task Watch_OfARefusedConnection_LooksAgainEveryFiftyMilliseconds()
    {
        for (var look = 0; look < 20; look++)
        {
            _port.Answer(look, SightingKind.Refused);
            _port.Pass(49);
            Assert.Equal(look + 1, _port.Looks);
            _port.Pass(1);
        }

        _port.Answer(20, SightingKind.Answered);
        await _watch;
    }

    [Fact]
    public async Task Watch_OfASilentConnection_OpensAnotherAfterSevenTenthsOfASecond()
    {
        _port.Pass(699);
        Assert.Equal(1, _port.Looks);
        _port.Pass(1);
        Assert.Equal(2, _port.Looks);

        _port.Answer(1, SightingKind.Answered);
        await _watch;
    }

    [Fact]
    public async Task Watch_OfManySilentConnections_KeepsTheFirstAndTheLast()
    {
        for (var i = 0; i < 10; i++)
        {
            _port.Pass(700);
            Assert.Equal(2, _port.Open);
        }

        Assert.Equal(11, _port.Looks);
        _port.Answer(0, SightingKind.Answered);
        await _watch;
        Assert.Equal(0, _port.Open);
    }

    [Fact]
    public async Task Watch_WhosePatientConnectionCloses_KeepsTheNextOneInItsPlace()
    {
        _port.Pass(700);
        _port.Answer(0, SightingKind.Closed);
        _port.Pass(700);
        _port.Pass(700);

        _port.Answer(1, SightingKind.Answered);
        await _watch;
    }

    [Fact]
    public async Task Watch_OfAnotherProtocol_LooksAgainAfterASecond()
    {
        _port.Answer(0, SightingKind.NotSsh);
        _port.Pass(999);
        Assert.Equal(1, _port.Looks);
        _port.Pass(1);

        _port.Answer(1, SightingKind.Answered);
        await _watch;
    }
}
