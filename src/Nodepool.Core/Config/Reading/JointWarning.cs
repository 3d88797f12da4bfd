namespace Nodepool.Core.Config.Reading;

/// <summary>
/// One warning for all things of a kind, at the first of them: a file that is grown has many, and nobody reads the same sentence
/// thirty times.
/// </summary>
/// <param name="say">The sentence, for these names; whether it is one name only.</param>
internal sealed class JointWarning(Func<string, bool, Complaint> say)
{
    private readonly List<string> _names = [];
    private ConfigMap? _first;
    private string _key = "";

    /// <summary>One more.</summary>
    /// <param name="map">Where it is.</param>
    /// <param name="key">At which key.</param>
    /// <param name="name">What it is called.</param>
    public void Add(ConfigMap map, string key, string name)
    {
        if (_first is null)
        {
            (_first, _key) = (map, key);
        }

        _names.Add(name);
    }

    /// <summary>Warns, if there was anything.</summary>
    public void Report() => _first?.Warn(_key, say(Wording.Names(_names), _names.Count == 1));
}
