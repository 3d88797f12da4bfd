using Nodepool.Core.State;

namespace Nodepool.State.Tree;

/// <summary>The fault of everything that is asked of a session that is over.</summary>
internal static class SessionFault
{
    public static StateException Ended(string path) =>
        new(StateFault.SessionEnded, path, $"The session with the state store has ended, so nothing can be done with {path} in its name; open a new one.");
}
