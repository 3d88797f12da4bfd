using Nodepool.Core.Imaging;
using Nodepool.Core.View;

namespace Nodepool.Cli.Commands;

/// <summary>What nodes boot from after an upload or a build has gone, for people.</summary>
internal static class NextImage
{
    /// <summary>One clause about one provider, which was named before.</summary>
    public static string At(ImageView image, string provider) => image.NewestReadyUpload(provider) is { } next
        ? $"new nodes there boot from build {next.Build}, upload {next.Id}"
        : $"no ready upload of {image.Name} is left at {provider}: no new nodes boot from it there until {Remedy(image, provider)}";

    /// <summary>One clause about several providers.</summary>
    public static string At(ImageView image, IReadOnlyList<string> providers) => providers.Count == 0
        ? "it was at no provider"
        : string.Join("; ", providers.Select(provider => image.NewestReadyUpload(provider) is { } next
            ? $"new nodes at {provider} boot from build {next.Build}, upload {next.Id}"
            : $"no new nodes boot from {image.Name} at {provider} until {Remedy(image, provider)}"));

    private static string Remedy(ImageView image, string provider) => UploadPlanner.Newest(image, provider) is { } build
        ? $"a builder has uploaded build {build.Id}"
        : $"there is a newer build (nodepool image-build {image.Name})";
}
