namespace Nodepool.Core.Images;

/// <summary>Makes files of further formats from one that is there: minutes instead of another build.</summary>
public interface IImageConverter
{
    /// <summary>Whether a disk in one format can be made from one in another, with the same content.</summary>
    bool CanConvert(string from, string to);

    /// <summary>
    /// Makes the formats of an order from a file, with checksums. Each file is whole or not there; cancellation ends every process.
    /// </summary>
    /// <param name="source">Absolute path of a finished file; its extension is its format.</param>
    /// <param name="order">What is to be made: <see cref="ImageBuildOrder.Formats"/> beside <see cref="ImageBuildOrder.OutputPath"/>.</param>
    /// <param name="phase">Told what is being done.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="ImageBuildException">It did not work; of the formats nothing is left.</exception>
    Task ConvertAsync(string source, ImageBuildOrder order, IProgress<string> phase, CancellationToken ct);
}
