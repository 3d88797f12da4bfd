using Nodepool.Core.Collections;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>Converts disk images with <c>qemu-img</c>.</summary>
internal sealed class QemuConverter(TimeProvider time) : IImageConverter
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["qcow2"] = "qcow2",
        ["raw"] = "raw",
        ["vdi"] = "vdi",
        ["vhd"] = "vpc",
        ["vhdx"] = "vhdx",
        ["vmdk"] = "vmdk",
    };

    private readonly DiskWatch _watch = new(time);

    /// <inheritdoc/>
    public bool CanConvert(string from, string to) => from != to && Names.ContainsKey(from) && Names.ContainsKey(to);

    /// <inheritdoc/>
    public async Task ConvertAsync(string source, ImageBuildOrder order, IProgress<string> phase, CancellationToken ct)
    {
        ImagePrograms.Require(["qemu-img"]);
        try
        {
            await using var work = await BuildWork.CreateAsync(order.OutputPath, time, ct);
            var step = new BuildStep(order, work, time);
            await _watch.RunAsync(order, async token =>
            {
                foreach (var format in order.Formats)
                {
                    phase.Report($"converting to {format}");
                    var file = work.PathOf("image." + format);
                    await step.RunAsync("qemu-img", Arguments(order, source, format, file), token);
                    ImageOutput.Accept(order, format, file);
                }
            }, ct);
            phase.Report("computing checksums");
            await ImageOutput.AddChecksumsAsync(order, ct);
        }
        catch (Exception e)
        {
            ImageOutput.RemoveFiles(order);
            if (e is IOException fault)
                throw new ImageBuildException(BuildFault.Describe(fault, order, order.OutputPath), fault);
            throw;
        }
    }

    /// <summary>What diskimage-builder makes of the same formats, so that a converted file can do without doubt what a built one can.</summary>
    internal static ValueList<string> Arguments(ImageBuildOrder order, string source, string format, string file)
    {
        string[] options = (format, order.Image.Tool) switch
        {
            ("qcow2", "diskimage-builder") => ["-c", "-o", "compat=0.10"],
            ("vhd", _) => ["-o", "subformat=fixed,force_size=on"],
            ("vmdk", _) => ["-o", "subformat=streamOptimized"],
            _ => [],
        };
        return ["convert", "-f", Names[Path.GetExtension(source)[1..]], "-O", Names[format], .. options, source, file];
    }
}
