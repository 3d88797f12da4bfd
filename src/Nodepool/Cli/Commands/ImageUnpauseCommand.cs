using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool image-unpause</c>.</summary>
internal static class ImageUnpauseCommand
{
    public static Command Create(CommandFrame frame)
    {
        var image = PathPart.Argument("IMAGE", "Name of a diskimage");
        return frame.Action(new Verb(
            "image-unpause",
            "Allow builds of an image again",
            new Example("nodepool image-unpause debian-12", "Lift the pause")) { image }, async (call, ct) =>
        {
            var name = call.Value(image);
            await using var engine = await call.OpenStoreAsync(ct);
            var wasPaused = await new ImageActions(engine, call.World.Sources).UnpauseAsync(name, ct);
            call.Answer(wasPaused ? $"image {name} may be built again" : $"image {name} was not paused by command", writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("image", name);
                writer.WriteBoolean("paused", false);
                writer.WriteEndObject();
            });
            return ExitStatus.Ok;
        });
    }
}
