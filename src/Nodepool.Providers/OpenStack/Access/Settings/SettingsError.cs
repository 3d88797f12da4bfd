using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>What is said when clouds.yaml is not good.</summary>
internal static class SettingsError
{
    public static ProviderException Of(string message, Exception? inner = null) => new(ProviderFault.Rejected, message, inner);
}
