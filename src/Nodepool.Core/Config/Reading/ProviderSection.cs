namespace Nodepool.Core.Config.Reading;

/// <summary>Reads the keys that all drivers' provider and pool sections share.</summary>
public static class ProviderSection
{
}
