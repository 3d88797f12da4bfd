namespace Nodepool.Core.Imaging;

/// <summary>Reports on the caller's thread, unlike <see cref="Progress{T}"/>, so that reports stay in order.</summary>
internal sealed class BuildProgress(Action<string> report) : IProgress<string>
{
    public void Report(string value) => report(value);
}
