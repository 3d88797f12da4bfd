namespace Nodepool.Providers.Scanning;

/// <summary>What a key exchange for one type of host key gave: a key, or the reason why not.</summary>
/// <param name="Key"><c>type base64</c>, or null.</param>
/// <param name="IsLacking">The server has no key of that type; trying again changes nothing.</param>
/// <param name="Failure">Why there is no key; empty when there is one.</param>
internal sealed record HostKeyAnswer(string? Key, bool IsLacking = false, string Failure = "");
