using Nodepool.Integration.OpenStack;
using Nodepool.Testing.OpenStackLab;

[assembly: AssemblyFixture(typeof(SharedLab))]

namespace Nodepool.Integration.OpenStack;

/// <summary>One lab for all tests, each in projects of its own. It starts when the first of them asks, and ends with the run.</summary>
public sealed class SharedLab : IAsyncDisposable
{
    private static readonly Lazy<Task<Lab>> Running = new(() => Lab.StartAsync(CancellationToken.None));

    public static Task<Lab> Instance => Running.Value;

    public async ValueTask DisposeAsync()
    {
        // A lab that did not start has said so to every test.
        if (Running is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await Running.Value).DisposeAsync();
        }
    }
}
