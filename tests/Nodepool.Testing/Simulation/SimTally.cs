namespace Nodepool.Testing.Simulation;

/// <summary>What happened how often in a run.</summary>
internal sealed class SimTally
{
    public int Kills { get; set; }

    public int Requests { get; set; }

    public int Fulfilled { get; set; }

    public int Failed { get; set; }

    public int Withdrawn { get; set; }

    public int Used { get; set; }

    public int Held { get; set; }

    public int Reloads { get; set; }

    public int Drains { get; set; }

    public int Reverts { get; set; }

    public int BuildRequests { get; set; }

    public int Builds { get; set; }

    public int FailedBuilds { get; set; }

    public int Conversions { get; set; }

    public int Promoted { get; set; }

    public int WithdrawnImages { get; set; }

    public override string ToString() =>
        $"{Requests} requests ({Fulfilled} fulfilled, {Failed} failed, {Withdrawn} withdrawn), {Used} nodes used, {Held} held, {Kills} kills, {Reloads} reloads, {Drains} drains, "
        + $"{Builds} builds ready, {FailedBuilds} failed, {BuildRequests} asked for, {Conversions} converted, {Reverts} reverts, canaries: {Promoted} promoted, {WithdrawnImages} withdrawn";
}
