namespace Nodepool.Core.Config.Reading;

/// <summary>Machines that two providers lend at the same time: neither knows of the other's nodes.</summary>
internal static class MachineChecks
{
    public static void Run(IReadOnlyList<ProviderReading> readings)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var reading in readings)
        {
            foreach (var (pool, machine) in reading.Config?.Pools.SelectMany(pool => pool.Machines.Select(machine => (pool, machine))) ?? [])
            {
                // Behind one address there may be several machines, one per port; another user is the same machine.
                var address = $"{machine.Name}:{machine.ConnectionPort}";
                if (owners.TryAdd(address, reading.Name) || owners[address] == reading.Name)
                {
                    continue;
                }

                var nodes = reading.PoolOrSelf(pool.Name);
                var place = nodes.Maps("nodes").FirstOrDefault(map => map.Text("name") == machine.Name) ?? nodes;
                place.Warn("name", $"the provider {Wording.Quote(owners[address])} has this host too, so it is lent by both at the same time; leave it to one of them");
            }
        }
    }
}
