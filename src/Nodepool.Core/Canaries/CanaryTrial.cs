using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Canaries;

/// <summary>A new upload that proves itself beside another.</summary>
/// <param name="Candidate">The new one.</param>
/// <param name="Baseline">The one that was used until now.</param>
/// <param name="Record">What is stored of this trial; null before it is stored.</param>
public sealed record CanaryTrial(UploadView Candidate, UploadView Baseline, CanaryRecord? Record)
{
    /// <summary>The trial that is due; null when the newest upload serves all launches.</summary>
    public static CanaryTrial? Of(ImageView image, CanaryScope scope)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Canaries.GetValueOrDefault(scope)?.Record is not { } record)
        {
            return null;
        }

        var usable = image.UsableUploads(scope.Provider).ToArray();
        if (usable.Length < 2 || usable[0] is not { } newest || newest.Path == record.Trusted || image.BuiltAt(newest) <= record.TrustedBuilt)
        {
            return null;
        }

        return (usable.FirstOrDefault(upload => upload.Path == record.Trusted) ?? usable.FirstOrDefault(upload => upload.Build != newest.Build)) is { } baseline
            ? new CanaryTrial(newest, baseline, record.IsOpen && record.Candidate == newest.Path && record.Trusted == baseline.Path ? record : null)
            : null;
    }
}
