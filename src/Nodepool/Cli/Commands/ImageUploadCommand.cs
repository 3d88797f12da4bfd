using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool image-upload</c>: one upload, now.</summary>
internal static class ImageUploadCommand
{
    public static Command Create(CommandFrame frame)
    {
        var image = PathPart.Argument("IMAGE", "Name of a diskimage of the configuration");
        var provider = PathPart.RequiredOption("--provider", "PROVIDER", "Provider that it shall be uploaded to");
        return frame.Action(new Verb(
            "image-upload",
            "Upload the newest build of an image to a provider now",
            "Builders do that by themselves; this ends the waiting after uploads that failed, and allows a build again that image-delete or a canary has withdrawn there.",
            new Example("nodepool image-upload debian-12 --provider cloud", "Try again now")) { image, provider }, async (call, ct) =>
        {
            var name = ImageNames.Require(call, call.Value(image)).Name;
            var at = call.Value(provider)!;
            if (call.Config().FindProvider(at) is not { } section || section.FindDiskImage(name) is not { } used)
            {
                throw new CliException($"provider {at} does not take image {name} in {call.ConfigFile}; add it under its 'diskimages'");
            }

            if (used.Pause)
            {
                throw new CliException($"uploads of {name} to {at} are paused by 'pause' in {call.ConfigFile}");
            }

            await using var engine = await call.OpenStoreAsync(ct);
            var (build, there) = await new UploadActions(engine, call.World.Sources).RequestAsync((await CliCall.ViewAsync(engine, ct)).Image(name), at, section.ImageFormats, ct);
            call.Answer(
                there is null ? $"build {name}-{build.Id} will be uploaded to {at} as soon as its builder is free" : $"build {name}-{build.Id} is at {at} already, as upload {there.Id}",
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("image", name);
                    writer.WriteString("build", build.Id);
                    writer.WriteString("provider", at);
                    writer.WriteBoolean("new_request", there is null);
                    writer.WriteEndObject();
                });
            return ExitStatus.Ok;
        });
    }
}
