using Nodepool.Core.Collections;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>What <see cref="RetentionPlanner"/> wants removed.</summary>
/// <param name="Uploads">Uploads to delete, at the provider and in the records.</param>
/// <param name="Remains">Failed uploads whose image is at the provider all the same: it goes, the record stays to tell why they failed.</param>
/// <param name="Builds">Builds that nothing needs: marked as deleting, their files go.</param>
/// <param name="Gone">Builds whose uploads are all gone: their records go.</param>
public sealed record RetentionPlan(
    ValueList<Removal<UploadView>> Uploads,
    ValueList<UploadView> Remains,
    ValueList<Removal<BuildView>> Builds,
    ValueList<BuildView> Gone);
