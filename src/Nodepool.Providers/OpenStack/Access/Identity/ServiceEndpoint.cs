using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>Where a service takes calls, and which microversions it has.</summary>
/// <param name="Address">Of the version, the project included where the service wants it; without a slash at its end.</param>
/// <param name="Oldest">Oldest microversion; null where the service has none.</param>
/// <param name="Newest">Newest microversion that may be used.</param>
internal sealed record ServiceEndpoint(string Address, Microversion? Oldest, Microversion? Newest)
{
    /// <summary>The microversion for a call: the newest up to what the caller understands; null for none.</summary>
    public Microversion? Choose(string? wanted)
    {
        if (Microversion.Parse(wanted) is not { } most || Newest is not { } newest || Oldest is not { } oldest)
        {
            return null;
        }

        var chosen = most < newest ? most : newest;
        return chosen < oldest ? null : chosen;
    }
}
