using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Why a server went to ERROR, in Nova's words.</summary>
internal sealed record ServerFault
{
    private static readonly string[] QuotaWords =
    [
        "quota exceeded", "exceeds quota", "exceeded quota", "exceeds allowed", "maximum number of ports", "number of ports exceeded", "volumelimitexceeded", "volumesizeexceedsavailablequota",
        "maximum number of volumes", "maximum number of fixed ips",
    ];

    private static readonly string[] CapacityWords =
    [
        "no valid host", "maximum number of retries", "insufficient compute resources", "exceeded max scheduling attempts", "not enough resources", "no more fixed ips",
        "no more ip addresses", "out of memory", "insufficient",
    ];

    /// <summary>HTTP status that Nova gives it.</summary>
    public int Code { get; init; }

    /// <summary>One line.</summary>
    public string? Message { get; init; }

    /// <summary>More, for administrators only in most clouds.</summary>
    public string? Details { get; init; }

    /// <summary>What the fault means for us. Texts are all there is: the code is 500 for nearly everything.</summary>
    public ProviderFault Meaning => Has(QuotaWords) || (Has(["quota"]) && Has(["exceed"])) ? ProviderFault.QuotaExceeded
        : Has(CapacityWords) ? ProviderFault.CapacityUnavailable
        : ProviderFault.Rejected;

    private bool Has(string[] words) =>
        words.Any(word => (Message?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false) || (Details?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false));
}
