using static Nodepool.Core.Model.ImageState;
using static Nodepool.Core.Model.Transitions.Actors;

namespace Nodepool.Core.Model.Transitions;

/// <summary>Legal moves of image builds and uploads.</summary>
public static class ImageTransitions
{
    /// <summary>The table for builds.</summary>
    public static TransitionTable<ImageState> Builds { get; } = new(
        (Building, Ready, Builder),
        (Building, Failed, Builder | Cleanup),
        (Ready, Deleting, Cleanup | Operator),
        (Failed, Deleting, Cleanup | Operator));

    /// <summary>The table for uploads.</summary>
    public static TransitionTable<ImageState> Uploads { get; } = new(
        (Uploading, Ready, Builder),
        (Uploading, Failed, Builder),
        (Uploading, Deleting, Cleanup),
        (Ready, Deleting, Cleanup | Operator),
        (Failed, Deleting, Cleanup | Operator));
}
