using System.Net;
using System.Text.RegularExpressions;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>What an answer that is no success means for us, and what people can do about it.</summary>
internal static partial class CloudFaults
{
    /// <param name="status">The answer's status.</param>
    /// <param name="text">What the service says.</param>
    /// <param name="saysWhen">It says when to come again.</param>
    /// <param name="onConflict">What a conflict means for this call.</param>
    public static (ProviderFault Fault, string Remedy) Of(HttpStatusCode status, string text, bool saysWhen, ProviderFault onConflict) => (int)status switch
    {
        429 => (ProviderFault.Throttled, "the service wants fewer calls: raise 'rate' of the provider if it says so often"),
        503 => (ProviderFault.Unavailable, "the service cannot answer now; see its state"),
        >= 400 and < 500 when saysWhen => (ProviderFault.Throttled, "the service wants fewer calls: raise 'rate' of the provider if it says so often"),
        501 => (ProviderFault.Rejected, "the cloud does not offer this"),
        >= 500 => (ProviderFault.Unavailable, "the service has failed; its logs say why"),
        404 or 410 => (ProviderFault.NotFound, "it does not exist, any more or for this project"),
        413 => (ProviderFault.QuotaExceeded, Quota),
        403 or 409 when SpeaksOfQuota().IsMatch(text) => (ProviderFault.QuotaExceeded, Quota),
        409 => (onConflict, "what it is about is in a state that forbids it now"),
        401 => (ProviderFault.Rejected, "the service does not take a token that Keystone has just made; check its clock and which Keystone it asks"),
        403 => (ProviderFault.Rejected, "the user needs a role for it, usually 'member' of the project; ask who runs the cloud"),
        >= 300 and < 400 => (ProviderFault.Rejected, "the service is somewhere else; correct the catalogue, or give its address in clouds.yaml (X_endpoint_override)"),
        _ => (ProviderFault.Rejected, "see what the service says; the keys of the provider that this comes from may need correction"),
    };

    /// <summary>Whether the same call may get a better answer soon.</summary>
    public static bool MayPass(ProviderFault fault) => fault is ProviderFault.Throttled or ProviderFault.Unavailable;

    private const string Quota = "the project's quota is used up; free something, ask for more, or set the limits of the pools (max-servers, max-cores, …) below it";

    [GeneratedRegex("quota|limit.{0,20}(exceeded|reached)|(exceeded|exceeds|maximum number|over ?limit)", RegexOptions.IgnoreCase)]
    private static partial Regex SpeaksOfQuota();
}
