using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Config.Templates;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers;

namespace Nodepool.Tests.Providers.Clouds;

/// <summary>Whole configuration files around one provider section.</summary>
internal static class ProviderFile
{
    private static readonly NodepoolConfigReader Reader = new([new OpenStackSchema(), .. ProviderSchemas.WithoutDriver], _ => null);

    /// <summary>What a section without faults gives.</summary>
    /// <param name="section">The lines of the section, which begin on line 2 of the file, in column 3.</param>
    /// <param name="labels">Names of the labels at top level; there is a diskimage <c>d</c> as well.</param>
    public static ProviderConfig Read(string section, params string[] labels)
    {
        Assert.Equal([], Problems(section, labels));
        return ReadWithWarnings(section, labels);
    }

    /// <summary>What a section gives that may have warnings but no errors.</summary>
    /// <inheritdoc cref="Read"/>
    public static ProviderConfig ReadWithWarnings(string section, params string[] labels) =>
        Assert.Single(Result(section, labels).Config!.UnservedProviders);

    /// <summary>The problems of a section, but for the one that its driver is missing; without the name of the file.</summary>
    /// <inheritdoc cref="Read"/>
    public static string[] Problems(string section, params string[] labels) =>
    [
        .. Result(section, labels).Problems.Where(problem => !problem.Message.Contains("is not in this version yet", StringComparison.Ordinal))
            .Select(problem => problem.ToString().Replace("np.yaml:", "", StringComparison.Ordinal)),
    ];

    /// <summary>Replaces what must be there exactly once.</summary>
    public static string With(string section, string good, string bad)
    {
        Assert.Equal(2, section.Split(good).Length);
        return section.Replace(good, bad, StringComparison.Ordinal);
    }

    public static FormatTemplate Template(string text) => FormatTemplate.Parse(text, FormatVocabulary.Request);

    /// <summary>The file around a section.</summary>
    /// <inheritdoc cref="Read"/>
    public static string Text(string section, params string[] labels) =>
        $"providers:\n- {section.Replace("\n", "\n  ", StringComparison.Ordinal)}\nlabels: [{string.Join(", ", labels.Select(label => $"{{name: {label}}}"))}]\n"
        + "diskimages: [{name: d, formats: [raw]}]\n";

    private static ConfigResult Result(string section, string[] labels) => Reader.Read(
        "np.yaml",
        "/etc/nodepool",
        Text(section, labels));
}
