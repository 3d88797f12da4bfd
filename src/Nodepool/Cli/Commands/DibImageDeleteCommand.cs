using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool dib-image-delete</c>: one build with its files and uploads.</summary>
internal static class DibImageDeleteCommand
{
    public static Command Create(CommandFrame frame)
    {
        var id = PathPart.Argument("IMAGE-BUILD", "Image and build, as dib-image-list shows them");
        var force = Confirmation.ForceOption();
        return frame.Action(new Verb(
            "dib-image-delete",
            "Delete a build of an image with its files and uploads",
            "New nodes boot from the previous uploads at once. A build that is being built is not deleted. On a terminal it asks before the last ready build of an image goes.",
            new Example("nodepool dib-image-delete debian-12-4f1c9d2e", "Delete a build; dib-image-list shows its id")) { id, force }, async (call, ct) =>
        {
            var text = call.Value(id);
            var dash = text.LastIndexOf('-');
            if (dash <= 0 || dash == text.Length - 1)
            {
                throw new CliException($"'{text}' is no id of a build; nodepool dib-image-list shows them as IMAGE-BUILD", ExitStatus.Usage);
            }

            var (image, build) = (text[..dash], text[(dash + 1)..]);
            await using var engine = await call.OpenStoreAsync(ct);
            var before = (await CliCall.ViewAsync(engine, ct)).Image(image);
            if (before.ReadyBuilds.ToList() is [var only] && only.Id == build)
            {
                await Confirmation.AskPersonAsync(call, force, $"{text} is the last ready build of {image}, and its uploads go with it. Delete it?", ct);
            }

            await new ImageActions(engine, call.World.Sources).DeleteBuildAsync(image, build, ct);
            var after = (await CliCall.ViewAsync(engine, ct)).Image(image);
            var next = after.ReadyBuilds.FirstOrDefault();
            var providers = before.Uploads.Values.Where(upload => upload.Build == build && upload.Record?.State == ImageState.Ready)
                .Select(upload => upload.Provider).Distinct().Order(StringComparer.Ordinal).ToList();
            call.Answer(
                $"build {text} is being deleted; {(next is null ? $"no ready build of {image} is left" : $"the newest ready build is {image}-{next.Id}")}; {NextImage.At(after, providers)}",
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("deleting", NodepoolPaths.Build(image, build));
                    writer.WriteString("next", next is null ? null : NodepoolPaths.Build(image, next.Id));
                    writer.WriteEndObject();
                });
            return ExitStatus.Ok;
        });
    }
}
