using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>Where a node that is a slot of another node is; stored in its <c>driver_data</c>, as Python writes it.</summary>
/// <param name="BackingNode">Id of the other node.</param>
/// <param name="Slot">Which of its slots, from 0.</param>
public sealed record SlotPlace(string BackingNode, int Slot)
{
    internal static SlotPlace? Read(RawJson driverData)
    {
        if (!driverData.IsObject)
        {
            return null;
        }

        var fields = new JsonFields(driverData.Utf8);
        return fields.Raw("backing_node").AsText() is { } node && fields.Raw("slot").AsNumber() is { } slot ? new SlotPlace(node, (int)slot) : null;
    }
}
