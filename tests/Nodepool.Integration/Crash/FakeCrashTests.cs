namespace Nodepool.Integration.Crash;

/// <summary>The program killed at random moments while it serves requests; the driver fake, whose machines end with the process.</summary>
public sealed class FakeCrashTests(ITestOutputHelper output)
{
    private const int Rounds = 20;

    [Fact]
    public async Task Up_KilledTwentyTimes_RepairsAllRecordsAndServesEveryRequest()
    {
        await using var bed = await CrashBed.CreateAsync(output);
        var client = new CrashClient(bed);
        bed.Configure(Yaml(minReady: 2));
        for (var round = 1; round <= Rounds; round++)
        {
            bed.Start();
            // At first the start itself is what is interrupted; later the work is under way when the clock begins.
            if (round > Rounds / 3)
                await bed.UntilAsync("a pool that serves", view => view.Pools.Any());
            await client.AskAsync(round % 3 == 0 ? ["small", "large"] : ["small"]);
            await bed.PassAsync(0.2, 1.2);
            await client.TakeAsync();
            if (round % 2 == 0)
                await client.ReturnAsync();
            await bed.PassAsync(0, 1.2);
            await bed.KillAsync($"round {round}");
        }

        bed.Start();
        await client.FinishAsync();
        await bed.UntilAsync("two idle nodes of each label and nothing else", view =>
            view.Nodes.ById.Values.All(node => node.Record is { IsIdle: true } && !node.IsLocked)
            && ((string[])["small", "large"]).All(label => view.Nodes.ById.Values.Count(node => node.Record!.Type[0] == label) >= 2)
            && view.Requests.IsEmpty);
        await bed.OnlyTheLivingHoldAnythingAsync();
        bed.Note($"{bed.Kills} kills, {client.Asked} requests, {client.Served} served, {client.Failed.Count} failed");
        Assert.Equal((Rounds, client.Asked), (bed.Kills, client.Served + client.Failed.Count));
        Assert.Empty(client.Failed);

        await bed.StopAsync();
        bed.Configure(Yaml(minReady: 0));
        bed.Start();
        await client.DeleteAllAsync();
        await bed.StopAsync();
        await bed.OnlyTheLivingHoldAnythingAsync();
        await bed.NoRecordsAreLeftAsync();
    }

    private static string Yaml(int minReady) =>
        $"""
        labels:
          - name: small
            min-ready: {minReady}
          - name: large
            min-ready: {minReady}
        providers:
          - name: cloud
            driver: fake
            create-latency: 0.3
            delete-latency: 0.2
            pools:
              - name: main
                max-servers: 10
                host-key-checking: false
                labels:
                  - name: small
                    cloud-image: debian
                    min-ram: 1024
                  - name: large
                    cloud-image: debian
                    min-ram: 1024
            cloud-images:
              - name: debian
        """;
}
