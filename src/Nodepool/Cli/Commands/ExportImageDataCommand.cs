using System.CommandLine;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool export-image-data</c>.</summary>
internal static class ExportImageDataCommand
{
    public static Command Create(CommandFrame frame)
    {
        var path = new Argument<string>("FILE") { Description = "The file to write" };
        var force = new Option<bool>("--force") { Description = "Overwrite the file if it exists" };
        var verb = new Verb(
            "export-image-data",
            "Write the records of image builds and uploads to a file",
            "For a backup, or to move to another store: import-image-data reads it, and so does the Python program's. Builds and uploads are written as they are "
            + "stored, and pause flags; locks and build requests are not. Only you can read the file.",
            new Example("nodepool export-image-data images.json", "Write a backup"),
            new Example("nodepool export-image-data images.json --force", "Write it over an older one")) { path, force };
        return frame.Action(verb, async (call, ct) =>
        {
            await using var engine = await call.OpenStoreAsync(ct);
            var export = await new ImageDataTransfer(engine).ExportAsync(ct);
            call.World.WriteFile(call.Value(path), ImageDataFile.Write(export.Entries), call.Value(force));
            foreach (var left in export.LeftOut)
            {
                call.Complain($"{left} cannot be understood and is left out");
            }

            call.Answer($"{export.Entries.Count} records are in {call.Value(path)}", writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("file", call.Value(path));
                writer.WriteNumber("records", export.Entries.Count);
                writer.WriteEndObject();
            });
            return call.HasComplaint ? ExitStatus.Problem : ExitStatus.Ok;
        });
    }
}
