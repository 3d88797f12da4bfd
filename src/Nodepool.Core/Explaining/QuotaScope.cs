namespace Nodepool.Core.Explaining;

/// <summary>Whose limit it is.</summary>
public enum QuotaScope
{
    /// <summary>The pool's section.</summary>
    Pool,

    /// <summary>The cloud's, for all pools of the provider together.</summary>
    Provider,

    /// <summary>The tenant's, over all providers.</summary>
    Tenant,
}
