using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Providers.OpenStack;

namespace Nodepool.Providers.Fake;

/// <summary>Reads a provider section of the fake driver: that of the openstack driver, as in Python, with keys for the cloud's behaviour.</summary>
internal static class FakeSection
{
    private static readonly (string Word, FakeOperation Value)[] Operations =
        [.. Enum.GetValues<FakeOperation>().Select(operation => (Word(operation.ToString()), operation))];

    private static readonly (string Word, FakeFate Value)[] Fates =
    [
        .. Enum.GetValues<ProviderFault>().Select(fault => (Word(fault.ToString()), FakeFate.Fails(fault))),
        .. Enum.GetValues<ProviderFault>().Select(fault => ("ends-in-" + Word(fault.ToString()), new FakeFate { EndsIn = fault })),
        ("lost-answer", new FakeFate { LosesAnswer = true }),
        ("mute", new FakeFate { IsMute = true }),
    ];

    public static ProviderConfig Read(ConfigMap section) =>
        OpenStackSection.Read(section, imageFormat: null, (label, options) => new FakeLabelOptions(ReadFlavor(label, options.Flavor))) with
        {
            Options = ReadOptions(section),
        };

    private static FakeOptions ReadOptions(ConfigMap section) => new()
    {
        Cloud = section.Text("cloud"),
        Region = section.Text("region-name"),
        ApiLatency = section.Seconds("api-latency", TimeSpan.Zero),
        CreateLatency = section.Seconds("create-latency", TimeSpan.Zero),
        DeleteLatency = section.Seconds("delete-latency", TimeSpan.Zero),
        UploadLatency = section.Seconds("upload-latency", TimeSpan.Zero),
        ListingLag = section.Seconds("listing-lag", TimeSpan.Zero),
        InstancesFile = section.FilePath("instances-file"),
        ChecksImages = section.Bool("check-images", false),
        Limits = section.Map("quota") is { } quota
            ? ProviderSection.ReadAmounts(quota, (Quota.Instances, Quota.Instances), (Quota.Cores, Quota.Cores), (Quota.Ram, Quota.Ram))
            : Quota.Unlimited,
        Odds = section.Maps("faults").Select(ReadOdds).ToValueList(),
    };

    private static FakeOdds ReadOdds(ConfigMap odds)
    {
        odds.RequiredText("operation");
        odds.RequiredText("fault");
        return new FakeOdds(
            odds.Choice("operation", FakeOperation.Create, Operations),
            odds.Choice("fault", FakeFate.Normal, Fates),
            odds.Number("probability", 1, min: 0, max: 1));
    }

    private static FakeFlavor ReadFlavor(ConfigMap label, OpenStackFlavorChoice choice)
    {
        if (FakeFlavor.Find(choice.MinRam, choice.Name) is { } flavor)
        {
            return flavor;
        }

        label.Error(
            choice.Name is null ? "min-ram" : "flavor-name",
            $"no such flavor in the fake cloud; it has {string.Join(" and ", FakeFlavor.All.Select(each => $"'{each.Name}' ({each.Ram} MiB)"))}");
        return FakeFlavor.All[0];
    }

    /// <summary><c>DeleteImage</c> as <c>delete-image</c>.</summary>
    private static string Word(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
