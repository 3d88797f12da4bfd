namespace Nodepool.Core.Model.Transitions;

/// <summary>Which moves between states are legal, and whose they are. Everything that is not listed is forbidden.</summary>
/// <typeparam name="TState">The states.</typeparam>
public sealed class TransitionTable<TState>
    where TState : struct, Enum
{
    private readonly Dictionary<(TState From, TState To), Actors> _moves = [];

    internal TransitionTable(params ReadOnlySpan<(TState From, TState To, Actors By)> moves)
    {
        foreach (var (from, to, by) in moves)
        {
            _moves.Add((from, to), by);
        }
    }

    /// <summary>Who may make this move; <see cref="Actors.None"/> when it is illegal.</summary>
    public Actors Owners(TState from, TState to) => _moves.GetValueOrDefault((from, to));

    /// <summary>Whether <paramref name="actor"/> may make this move.</summary>
    public bool Allows(TState from, TState to, Actors actor) => (Owners(from, to) & actor) != 0;

    /// <summary>Complains about a move that <paramref name="actor"/> may not make.</summary>
    /// <exception cref="InvalidOperationException">The move is not in the table: an error in this program.</exception>
    public void Demand(TState from, TState to, Actors actor)
    {
        if (!Allows(from, to, actor))
        {
            throw new InvalidOperationException($"{actor} may not move {typeof(TState).Name} from {from} to {to}");
        }
    }
}
