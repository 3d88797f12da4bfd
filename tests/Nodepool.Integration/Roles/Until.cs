namespace Nodepool.Integration.Roles;

/// <summary>Waits for what real processes do in their own time.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<bool> isSo) => TrueAsync(() => Task.FromResult(isSo()));

    public static async Task TrueAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120), TimeProvider.System);
        while (!await isSo())
        {
            Assert.False(patience.IsCancellationRequested, "it never came");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
