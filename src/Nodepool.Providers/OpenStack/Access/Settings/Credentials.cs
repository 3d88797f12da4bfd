using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>What Keystone recognises us by.</summary>
internal abstract record Credentials
{
    private Credentials()
    {
    }

    /// <summary>They name the project themselves, so that a scope must not be asked for.</summary>
    public virtual bool FixesProject => false;

    /// <summary>A user with a password; <c>password</c>, <c>v3password</c>.</summary>
    public sealed record UserPassword(UserName User, Secret Password) : Credentials;

    /// <summary>An application credential; <c>v3applicationcredential</c>.</summary>
    /// <param name="Id">Its id; null when it is told by name and user.</param>
    /// <param name="Name">Its name, unique for the user.</param>
    /// <param name="User">Whose it is; null with an id.</param>
    /// <param name="Secret">What only its owner knows.</param>
    public sealed record Application(string? Id, string? Name, UserName? User, Secret Secret) : Credentials
    {
        /// <inheritdoc/>
        public override bool FixesProject => true;
    }

    /// <summary>A token that somebody else got; <c>token</c>, <c>v3token</c>. It cannot be renewed.</summary>
    public sealed record ForeignToken(Secret Token) : Credentials;
}
