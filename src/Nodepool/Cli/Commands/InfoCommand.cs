using System.CommandLine;
using System.Text.Json;
using Nodepool.Cli.Arguments;
using Nodepool.Cli.Output;
using Nodepool.Core;
using Nodepool.Core.View;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool info</c>: what the store knows of a provider, and what the provider says.</summary>
internal static class InfoCommand
{
    private static readonly OutputForm[] Forms = [OutputForm.Table, OutputForm.Wide, OutputForm.Json, OutputForm.Yaml];

    public static Command Create(CommandFrame frame)
    {
        var name = PathPart.Argument("PROVIDER", "Name of a provider; it need not be configured any more");
        var verb = new Verb(
            "info",
            "Show the uploads and nodes of a provider",
            "The usual tables come from the store alone. -o wide and -o json also ask the provider for its limits and for what is used of them.",
            new Example("nodepool info cloud", "Show what is stored about a provider"),
            new Example("nodepool info cloud -o wide", "Show its limits as well")) { name };
        return frame.Action(verb, Forms, async (call, ct) =>
        {
            var provider = call.Value(name);
            var view = await call.ViewAsync(ct);
            var (images, nodes) = (ProviderImageList.Of(view, provider, call.Now), ProviderNodeList.Of(view, provider, call.Now));
            var isConfigured = call.Loaded.Result.Config is { } config && config.Providers.Concat(config.UnservedProviders).Any(section => section.Name == provider);
            if (!isConfigured && images.Rows.Count == 0 && nodes.Rows.Count == 0)
            {
                throw new CliException($"{Clouds.NoProvider(call, provider)}; nothing is stored about one either");
            }

            var usage = call.Form != OutputForm.Table && isConfigured ? await UsageAsync(call, view, provider, ct) : null;
            ListTable[] tables = usage is null ? [images, nodes] : [images, nodes, ProviderUsageList.Of(usage, call.Now)];
            call.Answer(string.Join('\n', tables.Select(table => TextTable.Draw(table, call.UseColour))).TrimEnd('\n'), writer => Write(writer, provider, images, nodes, usage, call.Now));
            return call.HasComplaint ? ExitStatus.Problem : ExitStatus.Ok;
        });
    }

    private static async Task<ProviderUsage?> UsageAsync(CliCall call, ClusterView view, string provider, CancellationToken ct)
    {
        await using var clouds = new Clouds(call);
        if (clouds.Choose(provider) is not [var section])
        {
            return null;
        }

        var limits = await clouds.TryAsync(provider, async open => await open.GetLimitsAsync(section, ct));
        return limits is not null && await clouds.ListAsync([section], ct) is [var (_, resources)]
            ? new ProviderUsage(limits, resources.Aggregate(Quota.Zero, (sum, resource) => sum.Plus(resource.Cost)), view.Nodes.UsageOf(provider))
            : null;
    }

    private static void Write(Utf8JsonWriter writer, string provider, ListTable images, ListTable nodes, ProviderUsage? usage, double now)
    {
        writer.WriteStartObject();
        writer.WriteString("provider", provider);
        writer.WritePropertyName("images");
        ListJson.Write(writer, images);
        writer.WritePropertyName("nodes");
        ListJson.Write(writer, nodes);
        writer.WritePropertyName("usage");
        if (usage is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            ListJson.Write(writer, ProviderUsageList.Of(usage, now));
        }

        writer.WriteEndObject();
    }
}
