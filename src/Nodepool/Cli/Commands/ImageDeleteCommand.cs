using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.View;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool image-delete</c>: one upload.</summary>
internal static class ImageDeleteCommand
{
    public static Command Create(CommandFrame frame)
    {
        var provider = PathPart.RequiredOption("--provider", "PROVIDER", "Provider that it was uploaded to");
        var image = PathPart.RequiredOption("--image", "IMAGE", "Name of the diskimage");
        var upload = PathPart.RequiredOption("--upload-id", "UPLOAD", "Number of the upload");
        var build = PathPart.RequiredOption("--build-id", "BUILD", "Id of the build");
        var force = Confirmation.ForceOption();
        var command = new Verb(
            "image-delete",
            "Delete one upload of an image at a provider",
            "From then on new nodes boot from the previous upload. The same build is not uploaded there again, only a newer one; image-upload lifts that. "
            + "An upload that is being sent is not deleted. On a terminal it asks before the last ready upload of an image at a provider goes.",
            new Example("nodepool image-delete --provider cloud --image debian-12 --build-id 4f1c9d2e --upload-id 0000000001", "Delete an upload; image-list shows the four names")) { provider, image, upload, build, force };
        return frame.Action(command, async (call, ct) =>
        {
            var (name, at) = (call.Value(image)!, call.Value(provider)!);
            await using var engine = await call.OpenStoreAsync(ct);
            if (IsLast((await CliCall.ViewAsync(engine, ct)).Image(name), call.Value(build)!, at, call.Value(upload)!))
            {
                await Confirmation.AskPersonAsync(
                    call, force, $"This is the last ready upload of {name} at {at}: no new nodes boot from it there until a builder has uploaded one. Delete it?", ct);
            }

            await new ImageActions(engine, call.World.Sources).DeleteUploadAsync(name, call.Value(build)!, at, call.Value(upload)!, ct);
            var stored = (await CliCall.ViewAsync(engine, ct)).Image(name);
            var isWithdrawn = stored.Builds.GetValueOrDefault(call.Value(build)!)?.Record?.Withdrawn.ContainsKey(at) == true;
            call.Answer(
                $"upload {call.Value(upload)} of build {name}-{call.Value(build)} at {at} is being deleted; {NextImage.At(stored, at)}"
                + (isWithdrawn ? $"; build {call.Value(build)} is not uploaded there again" : ""),
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("deleting", NodepoolPaths.Upload(name, call.Value(build)!, at, call.Value(upload)!));
                    writer.WriteString("next", stored.NewestReadyUpload(at)?.Path);
                    writer.WriteBoolean("withdrawn", isWithdrawn);
                    writer.WriteEndObject();
                });
            return ExitStatus.Ok;
        });
    }

    private static bool IsLast(ImageView image, string build, string provider, string id) =>
        image.Uploads.Values.Where(upload => upload.Provider == provider && upload.Record?.State == ImageState.Ready).ToList() is [var only] && only.Build == build && only.Id == id;
}
