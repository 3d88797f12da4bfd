using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool image-build</c>.</summary>
internal static class ImageBuildCommand
{
    public static Command Create(CommandFrame frame)
    {
        var image = PathPart.Argument("IMAGE", "Name of a diskimage of the configuration");
        return frame.Action(new Verb(
            "image-build",
            "Build an image now, whatever its age",
            new Example("nodepool image-build debian-12", "Ask the builders for a new build")) { image }, async (call, ct) =>
        {
            var name = call.Value(image);
            if (ImageNames.Require(call, name).Pause)
            {
                throw new CliException($"image {name} is paused by 'pause' in {call.ConfigFile}");
            }

            await using var engine = await call.OpenStoreAsync(ct);
            var request = await new BuildRequests(engine).SubmitAsync(name, ct);
            call.Answer(
                request.IsNew ? $"image {name} will be built as soon as a builder is free"
                    : request.IsRenewed ? $"image {name} was asked for already, but its builds failed; the next one begins as soon as a builder is free"
                    : $"image {name} was asked for already and is waiting for a builder or being built",
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("image", name);
                    writer.WriteBoolean("new_request", request.IsNew);
                    writer.WriteEndObject();
                });
            return ExitStatus.Ok;
        });
    }
}
