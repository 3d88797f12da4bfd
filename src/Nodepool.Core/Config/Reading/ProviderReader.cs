using Nodepool.Core.Providers;

namespace Nodepool.Core.Config.Reading;

/// <summary>Gives every provider section to the schema of its driver.</summary>
/// <param name="schemas">The kinds of providers that are known; those that are an <see cref="IProviderDriver"/> can also be served.</param>
internal sealed class ProviderReader(IReadOnlyList<IProviderSchema> schemas)
{
    /// <summary>The driver of a provider that names none.</summary>
    internal const string DefaultDriver = "openstack";

    private readonly Dictionary<string, JointWarning> _unserved = new(StringComparer.Ordinal);
    private bool _isAnyServed;

    /// <summary>All sections, in file order; warns once per driver that is not there.</summary>
    public IReadOnlyList<ProviderReading> ReadAll(IReadOnlyList<ConfigMap> sections)
    {
        var readings = sections.Select(section => new ProviderReading(section, Read(section))).ToList();
        _isAnyServed = readings.Any(reading => reading.Config is { } provider && HasDriver(provider.Driver));
        foreach (var warning in _unserved.Values)
        {
            warning.Report();
        }

        return readings;
    }

    /// <summary>Whether a driver can be served.</summary>
    public bool HasDriver(string name) => schemas.Any(schema => schema.Name == name && schema is IProviderDriver);

    private ProviderConfig? Read(ConfigMap section)
    {
        var name = section.Text("driver", DefaultDriver);
        var origin = section.Has("driver") ? "" : " (the default)";
        if (schemas.FirstOrDefault(schema => schema.Name == name) is { } found)
        {
            if (!HasDriver(name))
            {
                LeaveOut(section, name, $"the driver {Wording.Quote(name)}{origin} is not in this version yet; its keys were checked, and");
            }

            return found.ReadConfig(section);
        }

        section.IgnoreAll();
        var unknown = Complaint.OfName($"there is no driver {Wording.Quote(name)}{origin} in this version", name, schemas.Select(schema => schema.Name), "drivers here", ";");
        LeaveOut(section, name, unknown);
        return null;
    }

    private void LeaveOut(ConfigMap section, string driver, Complaint reason)
    {
        if (!_unserved.TryGetValue(driver, out var warning))
        {
            warning = _unserved[driver] = new JointWarning((names, isOne) =>
                reason with { Message = $"{reason.Message} {(isOne ? "the provider" : "the providers")} {names} {(isOne ? "is" : "are")} left out{Rest()}" });
        }

        warning.Add(section, "driver", section.RequiredText("name"));
    }

    private string Rest() => _isAnyServed ? ", the others serve on" : ", so no provider is left";
}
