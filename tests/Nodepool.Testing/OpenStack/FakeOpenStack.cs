using System.Collections.Concurrent;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Testing.OpenStack;

/// <summary>
/// An OpenStack cloud inside the process, with one project: Nova, Neutron, Glance and Cinder as far as the driver uses them, on an injected clock,
/// with troubles on demand. Calls may come concurrently.
/// </summary>
public sealed class FakeOpenStack
{
    /// <summary>Id of the project.</summary>
    public const string Project = "11111111111111111111111111111111";

    private readonly Lock _gate = new();
    private int _ids;

    /// <summary>A cloud with two flavors, one image and one network.</summary>
    public FakeOpenStack(TimeProvider time)
    {
        Time = time;
        Neutron = new FakeNeutron(this);
        Cinder = new FakeCinder(this);
        Glance = new FakeGlance(this);
        Nova = new FakeNova(this);
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Servers.</summary>
    public FakeNova Nova { get; }

    /// <summary>Networks.</summary>
    public FakeNeutron Neutron { get; }

    /// <summary>Volumes.</summary>
    public FakeCinder Cinder { get; }

    /// <summary>Images.</summary>
    public FakeGlance Glance { get; }

    /// <summary>How long a call takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How far lists are behind.</summary>
    public TimeSpan ListLag { get; set; }

    /// <summary>What befalls calls.</summary>
    public Func<FakeCall, FakeTrouble>? Troubles { get; set; }

    /// <summary>Every call that arrived, see <see cref="FakeCall.Kind"/>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    internal DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Carries a call out.</summary>
    /// <exception cref="FakeConnectionException">The connection broke.</exception>
    public async Task<FakeReply> HandleAsync(FakeCall call, CancellationToken ct)
    {
        var trouble = Troubles?.Invoke(call) ?? FakeTrouble.None;
        Calls.Enqueue(call.Kind);
        if (Latency > TimeSpan.Zero)
        {
            await Task.Delay(Latency, Time, ct);
        }

        switch (trouble)
        {
            case FakeTrouble.TooMany:
                return FakeReply.Refusal(429, "too many requests") with { RetryAfter = 1 };
            case FakeTrouble.Failed:
                return FakeReply.Refusal(500, "Unexpected API Error.");
            case FakeTrouble.Reset:
                throw new FakeConnectionException();
            default:
                break;
        }

        FakeReply reply;
        lock (_gate)
        {
            reply = Answer(call);
        }

        return trouble switch
        {
            FakeTrouble.LostAnswer => throw new FakeConnectionException(),
            FakeTrouble.Truncated => reply with { Body = reply.Body[..(reply.Body.Length / 2)] },
            _ => reply,
        };
    }

    /// <summary>A new id that looks like one of OpenStack's.</summary>
    internal string NewId() => $"00000000-0000-4000-8000-{Interlocked.Increment(ref _ids):x12}";

    private FakeReply Answer(FakeCall call)
    {
        Nova.Settle();
        return call.Service switch
        {
            CloudService.Compute => Nova.Answer(call),
            CloudService.Network => Neutron.Answer(call),
            CloudService.Image => Glance.Answer(call),
            _ => Cinder.Answer(call),
        };
    }
}
