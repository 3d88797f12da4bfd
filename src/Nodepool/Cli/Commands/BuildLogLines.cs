using System.Text;
using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Logging;

namespace Nodepool.Cli.Commands;

/// <summary>Prints a build log as it grows, whole lines only, without secrets and without what would drive the terminal.</summary>
internal sealed class BuildLogLines(CliWorld world, DiskImageConfig image)
{
    private const int MostAtOnce = 1 << 18;

    // Builders keep them out of the log; Python's, and those of earlier versions, do not.
    private readonly BuildSecrets _secrets = BuildSecrets.Of(image);
    private readonly byte[] _buffer = new byte[MostAtOnce];
    private string? _path;
    private long _read;

    /// <summary>Prints what has come since the last call.</summary>
    /// <returns>The log is on this host.</returns>
    public bool Print(string path)
    {
        if (path != _path)
        {
            (_path, _read) = (path, 0);
        }

        int count;
        do
        {
            using var log = world.OpenLog(path);
            if (log is null)
            {
                return _read > 0;
            }

            log.Seek(_read, SeekOrigin.Begin);
            count = log.ReadAtLeast(_buffer, MostAtOnce, throwOnEndOfStream: false);
            // A line that fills the whole buffer is printed in pieces.
            var end = Array.LastIndexOf(_buffer, (byte)'\n', Math.Max(0, count - 1), count) + 1 is > 0 and var lines ? lines : count == MostAtOnce ? count : 0;
            Write(Encoding.UTF8.GetString(_buffer, 0, end));
            _read += end;
        }
        while (count == MostAtOnce);
        return true;
    }

    private void Write(string text)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n').Where(_ => text.Length > 0))
        {
            world.Out.WriteLine(Printable.Line(_secrets.Hide(line.TrimEnd('\r'))));
        }
    }
}
