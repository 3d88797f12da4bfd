using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool image-pause</c>.</summary>
internal static class ImagePauseCommand
{
    public static Command Create(CommandFrame frame)
    {
        var image = PathPart.Argument("IMAGE", "Name of a diskimage");
        return frame.Action(new Verb(
            "image-pause",
            "Stop building an image; its uploads go on",
            new Example("nodepool image-pause debian-12", "Build no more of it until image-unpause")) { image }, async (call, ct) =>
        {
            var name = ImageNames.Require(call, call.Value(image)).Name;
            await using var engine = await call.OpenStoreAsync(ct);
            var isNew = await new ImageActions(engine, call.World.Sources).PauseAsync(name, ct);
            call.Answer(isNew ? $"image {name} is paused: nodepool image-unpause {name} allows builds again" : $"image {name} was paused already", writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("image", name);
                writer.WriteBoolean("paused", true);
                writer.WriteEndObject();
            });
            return ExitStatus.Ok;
        });
    }
}
