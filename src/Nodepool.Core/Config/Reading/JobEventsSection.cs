using System.Text.RegularExpressions;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads <c>job-events</c>.</summary>
internal static partial class JobEventsSection
{
    public const string Key = "job-events";
    public const string Publishers = "publishers";
    public const string NodeNames = "node-names";

    private const string Scheme = "tcp";

    public static JobEventsConfig Read(ConfigMap root)
    {
        if (root.Map(Key) is not { } section)
        {
            return new JobEventsConfig();
        }

        if (!section.Has(Publishers))
        {
            section.Error(Publishers, new Complaint($"{Wording.Quote(Publishers)} is missing: nobody would be listened to", "a list of addresses"));
        }

        return new JobEventsConfig
        {
            Publishers = section.Texts(Publishers).Distinct(StringComparer.Ordinal).Where(address => IsAddress(section, address)).ToValueList(),
            NodeNames = section.Texts(NodeNames).Distinct(StringComparer.Ordinal).Where(name => IsName(section, name)).ToValueList(),
        };
    }

    /// <summary>What is wrong with a template of names, null when nothing is. One that several nodes would have the same name by is none.</summary>
    public static Complaint? Complain(string template)
    {
        var unknown = Field().Matches(template).Select(match => match.Groups[1].Value).FirstOrDefault(field => !JobEventsConfig.NameFields.Contains(field));
        return unknown is not null ? Complaint.OfName($"there is no {Wording.Quote(unknown)} of a node in {Wording.Quote(template)}", unknown, JobEventsConfig.NameFields, "fields")
            : !template.Contains(JobEventsConfig.Id, StringComparison.Ordinal) ? new Complaint($"{Wording.Quote(template)} would be the name of several nodes: it needs {JobEventsConfig.Id}")
            : null;
    }

    private static bool IsAddress(ConfigMap section, string address)
    {
        var isOne = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: Scheme, Host.Length: > 0, Port: > 0, PathAndQuery: "" or "/", UserInfo: "" };
        if (!isOne)
        {
            section.Error(Publishers, Complaint.OfValue("addresses such as tcp://ci.example.org:8888", $"found {Wording.Quote(address)}"));
        }

        return isOne;
    }

    private static bool IsName(ConfigMap section, string template)
    {
        if (Complain(template) is not { } complaint)
        {
            return true;
        }

        section.Error(NodeNames, complaint);
        return false;
    }

    [GeneratedRegex(@"\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Field();
}
