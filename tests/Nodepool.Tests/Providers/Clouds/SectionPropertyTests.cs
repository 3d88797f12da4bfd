using System.Text.RegularExpressions;
using CsCheck;
using Nodepool.Tests.Providers.Aws;
using Nodepool.Tests.Providers.Azure;
using Nodepool.Tests.Providers.Gce;
using Nodepool.Tests.Providers.IbmVpc;
using Nodepool.Tests.Providers.Kubernetes;

namespace Nodepool.Tests.Providers.Clouds;

/// <summary>What holds for every key of all clouds' sections, on whatever level.</summary>
public sealed partial class SectionPropertyTests
{
    /// <summary>Labels that the sections serve.</summary>
    internal static readonly string[] Labels = ["l", "m", "defaults", "space", "raw"];

    /// <summary>For every cloud a section with all its keys.</summary>
    internal static readonly string[] Sections =
    [
        AwsSectionTests.Whole, AzureSectionTests.Whole, GceSectionTests.Whole, IbmVpcSectionTests.Whole, KubernetesSectionTests.Whole,
        OpenShiftSectionTests.Projects, OpenShiftSectionTests.Pods,
    ];

    private static readonly string[] Values =
        ["", "~", "yes", "'no'", "0", "-1", "1e999", ".nan", "0x10", "99999999999999999999", "text", "[]", "[1]", "[{a: 1}]", "{}", "{a: [b]}", "{a: {b: c}}", "\"\\0\"", "a_b"];

    private static readonly (string Section, Group Key)[] Keys = [.. Sections.SelectMany(section => CheckedKeys(section).Select(key => (section, key)))];

    [Fact]
    public void Sample_OfEveryDriver_HasKeysOnEveryLevel()
    {
        Assert.Equal(7, Keys.Select(item => item.Section).Distinct().Count());
        Assert.True(Keys.Length > 300, $"{Keys.Length} keys");
    }

    [Fact]
    public void ReadConfig_AMisspeltKey_IsFoundAtItsPlaceWithANearOne() =>
        Gen.Select(Gen.Int[0, Keys.Length - 1], Gen.Int[0, 2], Gen.Double[0, 1]).Sample(
            (index, kind, at) =>
            {
                var (section, key) = Keys[index];
                var wrong = Misspell(key.Value, kind, at);
                var text = section.Remove(key.Index, key.Length).Insert(key.Index, wrong);

                // The section begins on line 2, in column 3.
                var (line, column) = (2 + section[..key.Index].Count(c => c == '\n'), key.Index - section.LastIndexOf('\n', key.Index) + 2);
                var problems = ProviderFile.Problems(text, Labels);
                return problems.Any(problem =>
                    problem.StartsWith($"{line}:{column}: error: providers[0]", StringComparison.Ordinal)
                    && problem.Contains($"unknown key '{wrong}' (did you mean '", StringComparison.Ordinal));
            },
            iter: 1000, threads: 1);

    [Fact]
    public void ReadConfig_AnyValueAtAnyKey_GivesAConfigurationOrLocatedErrors() =>
        Gen.Select(Gen.Int[0, Keys.Length - 1], Gen.Int[0, Values.Length - 1]).Sample(
            (index, value) =>
            {
                var (section, key) = Keys[index];
                var start = key.Index + key.Length + 1;
                var end = section.IndexOfAny([',', '}', '\n'], start);
                var text = section[..start] + " " + Values[value] + section[(end < 0 ? section.Length : end)..];
                return ProviderFile.Problems(text, Labels).All(problem => Located().IsMatch(problem));
            },
            iter: 1000, threads: 1);

    /// <summary>A letter twice, one more at the end, or an underscore for a dash; never a key that exists.</summary>
    private static string Misspell(string key, int kind, double at)
    {
        var place = (int)(at * (key.Length - 1));
        return kind switch
        {
            0 => key.Insert(place, key[place] == '-' ? "_" : key[place].ToString()),
            1 when key.Contains('-', StringComparison.Ordinal) => key.Replace('-', '_') + "_",
            _ => key + "x",
        };
    }

    private static IEnumerable<Group> CheckedKeys(string section)
    {
        var free = FreeParts().Matches(section);
        return KeyPlaces().Matches(section).Select(match => match.Groups["key"]).Where(key =>
            key.Value != "driver" && !free.Any(part => key.Index > part.Groups["inside"].Index && key.Index < part.Index + part.Length));
    }

    [GeneratedRegex("^[1-9][0-9]*:[1-9][0-9]*: (error|warning): ", RegexOptions.CultureInvariant)]
    private static partial Regex Located();

    [GeneratedRegex("(^[ -]*|[{,]\\s*)(?<key>[a-z][a-z0-9-]*):(?=\\s)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex KeyPlaces();

    /// <summary>Parts whose keys are the operator's: maps of names, and what is passed on to the cloud.</summary>
    [GeneratedRegex(
        "(tags|dynamic-labels|node-attributes|node-selector|annotations|resources|labels):(?<inside> )\\{[^}]*\\}|volume(s|-mounts):(?<inside> )\\[.*\\]$|spec:(?<inside>\\s)[\\s\\S]*",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FreeParts();
}
