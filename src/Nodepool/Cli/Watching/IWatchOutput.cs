namespace Nodepool.Cli.Watching;

/// <summary>Where a watching command shows its pictures; disposing it leaves everything as it was.</summary>
internal interface IWatchOutput : IDisposable
{
    /// <summary>Shows a picture; called also when nothing but the time has changed.</summary>
    void Show(Picture picture);
}
