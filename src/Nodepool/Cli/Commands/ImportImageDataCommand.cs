using System.CommandLine;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool import-image-data</c>.</summary>
internal static class ImportImageDataCommand
{
    public static Command Create(CommandFrame frame)
    {
        var path = new Argument<string>("FILE") { Description = "A file of export-image-data, of this program or of the Python one" };
        var force = new Option<bool>("--force") { Description = "Also while builders run, and over records that exist; what the file does not name stays" };
        var verb = new Verb(
            "import-image-data",
            "Store the records of image builds and uploads from a file",
            "The whole file is checked before anything is stored. It is refused while a builder runs, and when the store has image data already.",
            new Example("nodepool import-image-data images.json", "Fill an empty store"),
            new Example("nodepool import-image-data images.json --force", "Put back what was lost, over what is there")) { path, force };
        return frame.Action(verb, async (call, ct) =>
        {
            var entries = ImageDataFile.Read(call.World.ReadFile(call.Value(path)).Span);
            await using var engine = await call.OpenStoreAsync(ct);
            await new ImageDataTransfer(engine).ImportAsync(entries, call.Value(force), ct);
            call.Answer($"{entries.Count} records of {call.Value(path)} are stored: nodepool dib-image-list and image-list show them", writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("file", call.Value(path));
                writer.WriteNumber("records", entries.Count);
                writer.WriteEndObject();
            });
            return ExitStatus.Ok;
        });
    }
}
