namespace Nodepool.Testing.Simulation.Days;

/// <summary>The figures of one provider.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Ways">The profile of its cloud.</param>
/// <param name="Room">How many nodes it is good for.</param>
/// <param name="Launches">Attempts to launch a node.</param>
/// <param name="Used">Nodes that somebody used; the other launches were for nothing.</param>
/// <param name="Failed">Attempts after which no node was ready.</param>
/// <param name="Unwanted">Nodes that got ready for nobody: their request had been handed over or withdrawn. Somebody else may have used them.</param>
/// <param name="Boots">Seconds of those attempts that ended with a ready node, in order.</param>
/// <param name="Utilisation">The part of the room that was in use, over the whole time.</param>
public sealed record DayCloudLine(string Provider, string Ways, int Room, int Launches, int Used, int Failed, int Unwanted, IReadOnlyList<double> Boots, double Utilisation);
