using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Decides which builds and uploads are no longer needed: so many usable uploads as <c>image-retention</c> says are kept per provider, and so many
/// builds; what failed or was withdrawn takes no place among them. Failures stay until something newer is ready, so that one can see why. Pure.
/// </summary>
public static class RetentionPlanner
{
    /// <summary>Failed builds, and failed uploads per provider, kept for people until a newer one is ready.</summary>
    public const int KeptFailures = 5;

    /// <summary>Decides.</summary>
    public static RetentionPlan Plan(ClusterView view, NodepoolConfig config)
    {
        ArgumentNullException.ThrowIfNull(view);
        var users = new ImageUsers(view);
        var images = view.Images.Values.OrderBy(image => image.Name, StringComparer.Ordinal).Select(image => new ImageRetention(image, config, users)).ToArray();
        return new RetentionPlan(
            images.SelectMany(image => image.Uploads()).ToValueList(),
            images.SelectMany(image => image.Remains()).ToValueList(),
            images.SelectMany(image => image.Builds()).ToValueList(),
            images.SelectMany(image => image.Gone()).ToValueList());
    }

    /// <summary>Uploads to delete at a provider that is given up: all that no node was made from and nobody is at.</summary>
    /// <param name="view">All records.</param>
    /// <param name="provider">Name of the provider.</param>
    public static ValueList<Removal<UploadView>> Leaving(ClusterView view, string provider)
    {
        ArgumentNullException.ThrowIfNull(view);
        var users = new ImageUsers(view);
        return (from image in view.Images.Values
                from upload in image.Uploads.Values
                where upload.Provider == provider && upload.Record is not null and not { State: ImageState.Uploading } && !users.IsUsed(upload)
                orderby upload.Path
                select new Removal<UploadView>(upload, [])).ToValueList();
    }
}
