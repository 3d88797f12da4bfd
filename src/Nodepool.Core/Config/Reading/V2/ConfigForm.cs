namespace Nodepool.Core.Config.Reading.V2;

/// <summary>The two forms that configuration files have had.</summary>
internal enum ConfigForm
{
    /// <summary>Since Nodepool 3: providers have pools, pools have labels.</summary>
    Present,

    /// <summary>Before Nodepool 3, called v2: labels name an image and providers, providers have images.</summary>
    V2,
}
