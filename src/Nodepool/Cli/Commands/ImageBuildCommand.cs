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
        var follow = new Option<bool>("--follow") { Description = "Wait for the build and show its log (on the builder's host) or how far it is; Ctrl-C does not stop the build" };
        return frame.Action(new Verb(
            "image-build",
            "Build an image now, whatever its age",
            "A request whose builds have failed so far is made anew: then the next build does not wait. With --follow the exit status is 0 when the build is ready.",
            new Example("nodepool image-build debian-12", "Ask the builders for a new build"),
            new Example("nodepool image-build debian-12 --follow", "Ask, and watch it being built")) { image, follow }, async (call, ct) =>
        {
            var name = call.Value(image);
            var config = ImageNames.Require(call, name);
            if (config.Pause)
            {
                throw new CliException($"image {name} is paused by 'pause' in {call.ConfigFile}");
            }

            await using var engine = await call.OpenStoreAsync(ct);
            var request = await new BuildRequests(engine).SubmitAsync(name, ct);
            if (call.Value(follow))
            {
                return await new BuildFollow(call, config, engine).RunAsync(request.MadeMs, ct);
            }

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
