using System.CommandLine;
using System.Text.Json;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool erase</c>.</summary>
internal static class EraseCommand
{
    public static Command Create(CommandFrame frame)
    {
        var name = PathPart.Argument("PROVIDER", "Name of a provider; it need not be configured any more");
        var force = Confirmation.ForceOption();
        force.Description = "Do not ask, and do it even while a launcher or builder works with the provider or nodes are in use";
        var verb = new Verb(
            "erase",
            "Forget a provider: remove its upload and node records",
            "Meant for a provider that is gone, whose records nobody can remove in order. Nothing is deleted at the provider; nodes of others whose slots its nodes were are given back. "
            + "It is refused while a launcher runs the provider, a builder uploads to it, or nodes are locked, held or in use.",
            new Example("nodepool erase old-cloud", "Remove the records of a provider after a question"),
            new Example("nodepool erase old-cloud --force", "Remove them at once, whatever is going on")) { name, force };
        return frame.Action(verb, async (call, ct) =>
        {
            var provider = call.Value(name);
            await using var engine = await call.OpenStoreAsync(ct);
            var view = await CliCall.ViewAsync(engine, ct);
            var plan = ProviderErasure.Plan(view, call.Loaded.Result.Config, provider);
            if (plan.IsEmpty)
            {
                throw new CliException($"nothing is stored about a provider '{Logging.Printable.Line(provider)}': nodepool list and image-list show the providers that there are");
            }

            if (plan.Obstacles.Count > 0 && !call.Value(force))
            {
                throw new CliException($"provider {provider} is not erased: {string.Join("; ", plan.Obstacles)}. --force erases it all the same");
            }

            await Confirmation.RequireAsync(
                call, force, $"Remove {Count(plan.Uploads, "upload record")} and {Count(plan.Nodes.Count, "node record")} of provider {provider}? Nothing is deleted at the provider.", ct);
            foreach (var obstacle in plan.Obstacles)
            {
                call.Note($"nodepool: warning: erased in spite of this: {obstacle}");
            }

            var done = await new ProviderErasure(engine, call.World.Sources).EraseAsync(view, provider, ct);
            call.Answer(
                $"{Count(done.Uploads, "upload record")} and {Count(done.Nodes.Count, "node record")} of provider {provider} are gone{Ids(": nodes ", done.Nodes)}; what exists at the provider is still there{Ids("; given back, since no slots of them are needed: nodes ", done.GivenBack)}",
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("provider", provider);
                    writer.WriteNumber("uploads", done.Uploads);
                    Write(writer, "nodes", done.Nodes);
                    Write(writer, "given_back", done.GivenBack);
                    writer.WriteEndObject();
                });
            return ExitStatus.Ok;
        });
    }

    private static string Ids(string words, IReadOnlyList<string> nodes) => nodes.Count == 0 ? "" : words + string.Join(", ", nodes);

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> nodes)
    {
        writer.WriteStartArray(name);
        foreach (var node in nodes)
        {
            writer.WriteStringValue(node);
        }

        writer.WriteEndArray();
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
