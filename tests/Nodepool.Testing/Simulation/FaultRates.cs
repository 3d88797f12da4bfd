namespace Nodepool.Testing.Simulation;

/// <summary>How often what goes wrong; probabilities per call or per batch. Each seed draws its own mixture.</summary>
internal sealed record FaultRates
{
    /// <summary>The process is killed before or after the call.</summary>
    public double Kill { get; init; }

    /// <summary>The process is cut off from the store for a while; its session may end without its knowledge.</summary>
    public double Partition { get; init; }

    /// <summary>The process stands still for a while.</summary>
    public double Stall { get; init; }

    /// <summary>The call takes long.</summary>
    public double Slow { get; init; }

    /// <summary>The store says that it cannot now.</summary>
    public double Unavailable { get; init; }

    /// <summary>The store did it, but the answer is lost.</summary>
    public double LostAnswer { get; init; }

    /// <summary>Seconds that a batch of changes is under way at most: what is committed meanwhile comes with it.</summary>
    public double Delivery { get; init; }

    /// <summary>A batch of changes comes late.</summary>
    public double WatchLag { get; init; }

    /// <summary>The watch breaks and begins anew with everything.</summary>
    public double Resync { get; init; }

    /// <summary>A batch comes twice.</summary>
    public double Repeat { get; init; }

    /// <summary>A cloud refuses a call, loses its answer, or makes an instance that does not work.</summary>
    public double Cloud { get; init; }

    /// <summary>Somebody deletes a lock entry that a launcher holds; per action of the operator.</summary>
    public double BrokenLock { get; init; }

    /// <summary>The operator edits the configuration file; per action of the operator.</summary>
    public double ConfigChange { get; init; }

    /// <summary>The operator deletes an upload or a build, or asks for an upload; per action of the operator.</summary>
    public double ImageChange { get; init; }

    /// <summary>A mixture.</summary>
    public static FaultRates Draw(Random random) => new()
    {
        Kill = Some(random, 0.004),
        Partition = Some(random, 0.001),
        Stall = Some(random, 0.001),
        Slow = Some(random, 0.03),
        Unavailable = Some(random, 0.02),
        LostAnswer = Some(random, 0.02),
        WatchLag = Some(random, 0.1),
        Resync = Some(random, 0.01),
        Repeat = Some(random, 0.05),
        Cloud = Some(random, 0.3),
        BrokenLock = Some(random, 0.3),
        ConfigChange = Some(random, 0.5),
        ImageChange = Some(random, 0.6),
    };

    /// <summary>The same for a client whose library hides short troubles of the store from it.</summary>
    public FaultRates ForClients() => this with { Unavailable = 0, LostAnswer = 0 };

    private static double Some(Random random, double most) => random.Next(3) == 0 ? 0 : random.NextDouble() * most;
}
