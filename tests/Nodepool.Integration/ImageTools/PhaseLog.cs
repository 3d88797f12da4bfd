namespace Nodepool.Integration.ImageTools;

/// <summary>Notes the phases of a build at once, and acts on one.</summary>
internal sealed class PhaseLog(string? trigger = null, Action? act = null) : IProgress<string>
{
    private readonly List<string> _phases = [];

    public IReadOnlyList<string> Phases
    {
        get
        {
            lock (_phases)
            {
                return [.. _phases];
            }
        }
    }

    public void Report(string value)
    {
        lock (_phases)
        {
            _phases.Add(value);
        }

        if (value == trigger)
            act!();
    }
}
