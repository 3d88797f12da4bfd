using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;

namespace Nodepool.Core.Launching.Pools;

/// <summary>A pool's model as it is told to other processes, and back.</summary>
public static class PoolTerms
{
    /// <summary>What a launcher tells of its pool.</summary>
    /// <param name="model">What it decides on.</param>
    /// <param name="closedUntil">Until when the cloud's quota keeps it from launching, Unix seconds.</param>
    public static PoolTermsRecord Of(PoolModel model, double? closedUntil)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new PoolTermsRecord
        {
            Component = model.ComponentId,
            Provider = model.Key.Provider,
            Pool = model.Key.Pool,
            Priority = model.Config.Priority,
            Limits = model.Config.Limits.Amounts,
            ProviderLimits = model.ProviderLimits.Amounts,
            MaxConcurrency = model.Provider.MaxConcurrency,
            Zones = model.Zones,
            ClosedUntil = closedUntil,
            ClockSetTo = model.ClockSetTo,
            Slots = [.. model.Config.Machines.GroupBy(machine => machine.Labels).Select(same => new SlotTerms(same.Key, same.Sum(machine => machine.Slots)))],
            SwitchedOff = model.Options.SwitchedOff,
            Labels = new ValueMap<LabelTerms>(model.Config.Labels.Select(label => KeyValuePair.Create(
                label.Name, new LabelTerms(model.Costs.TryGetValue(label.Name, out var cost) ? cost.Amounts : ValueMap<long>.Empty, label.DiskImage)
                {
                    Deadline = model.Deadlines.TryGetValue(label.Name, out var deadline) ? deadline : null,
                }))),
            Lanes = model.Lanes,
            Tenants = new ValueMap<TenantTerms>(model.Tenants.Select(pair => KeyValuePair.Create(pair.Key, new TenantTerms(pair.Value.Limits.Amounts, pair.Value.Weight)))),
        };
    }

    /// <summary>The model that a pool's terms stand for.</summary>
    /// <param name="terms">Its terms.</param>
    /// <param name="neighbours">Those of all pools of the provider.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static PoolModel ToModel(PoolTermsRecord terms, IEnumerable<PoolTermsRecord> neighbours, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new PoolModel
        {
            Key = new(terms.Provider, terms.Pool),
            ComponentId = terms.Component,
            Provider = new ProviderConfig { Name = terms.Provider, Driver = "", MaxConcurrency = terms.MaxConcurrency, Pools = neighbours.Select(Section).ToValueList() },
            Config = Section(terms),
            Costs = new ValueMap<Quota>(terms.Labels.Select(label => KeyValuePair.Create(label.Key, new Quota(label.Value.Cost)))),
            ProviderLimits = new Quota(terms.ProviderLimits),
            Tenants = new ValueMap<TenantLimit>(terms.Tenants.Select(pair => KeyValuePair.Create(pair.Key, new TenantLimit(pair.Key, new Quota(pair.Value.Limits), pair.Value.Weight)))),
            Zones = terms.Zones,
            Lanes = terms.Lanes,
            Deadlines = new ValueMap<double>(terms.Labels.Where(label => label.Value.Deadline is not null).Select(label => KeyValuePair.Create(label.Key, label.Value.Deadline!.Value))),
            ClockSetTo = terms.ClockSetTo,
            IsQuotaClosed = terms.ClosedUntil > unixNow,
            Options = new LauncherOptions { Launches = !terms.SwitchedOff.Contains("launches"), Deletes = !terms.SwitchedOff.Contains("deletes") },
        };
    }

    /// <summary>Which machines a standing pool has does not matter here, only what their slots are for.</summary>
    private static PoolConfig Section(PoolTermsRecord terms) => new()
    {
        Name = terms.Pool,
        Machines = [.. terms.Slots.Select(slots => new MachineConfig { Name = terms.Pool, Labels = slots.Labels, Slots = slots.Slots })],
        Priority = terms.Priority,
        Limits = new Quota(terms.Limits),
        Labels = terms.Labels.Select(label => new PoolLabelConfig { Name = label.Key, DiskImage = label.Value.Image }).ToValueList(),
    };
}
