using Nodepool.Core.Collections;

namespace Nodepool.Core.Launching.Pools;

/// <summary>What is the same for all requests of the same labels during one pass, found out once: thousands of requests ask for a few sets of labels.</summary>
/// <typeparam name="T">What is found out.</typeparam>
/// <param name="find">Finds it out; depends on the labels alone.</param>
internal sealed class PerLabels<T>(Func<ValueList<string>, T> find)
{
    private readonly Dictionary<ValueList<string>, T> _known = [];

    /// <summary>That of these labels.</summary>
    public T Of(ValueList<string> labels)
    {
        if (!_known.TryGetValue(labels, out var found))
        {
            _known[labels] = found = find(labels);
        }

        return found;
    }
}
