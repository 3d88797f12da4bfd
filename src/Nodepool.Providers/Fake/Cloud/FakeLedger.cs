using System.Text.Json;
using Nodepool.Core;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>
/// The file by which several processes share one <see cref="FakeCloud"/>, and by which it outlives them: a line for every instance that was made
/// or is being deleted. It is only ever added to. Whoever has it open is alone with it, until it closes it or dies.
/// </summary>
/// <param name="path">The file; it and its directory are made.</param>
/// <param name="sources">Time, for waiting.</param>
internal sealed class FakeLedger(string path, Sources sources)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(2);

    private long _read;

    /// <summary>Waits until nobody else has it.</summary>
    public async ValueTask<FileStream> EnterAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                await Task.Delay(BetweenTries, sources.Time, ct);
            }
        }
    }

    /// <summary>What has been added since the last time. A line that a dying process left unfinished was never said: it is taken away.</summary>
    public IReadOnlyList<FakeServer> ReadNew(FileStream open)
    {
        var bytes = new byte[open.Length - _read];
        open.Position = _read;
        open.ReadExactly(bytes);
        var servers = new List<FakeServer>();
        var start = 0;
        for (int length; (length = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += length + 1)
        {
            servers.Add(JsonSerializer.Deserialize(bytes.AsSpan(start, length), FakeJson.Default.FakeServerLine)!.ToServer());
        }

        _read += start;
        open.SetLength(_read);
        return servers;
    }

    /// <summary>Adds a line.</summary>
    public void Add(FileStream open, FakeServer server)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(FakeServerLine.Of(server), FakeJson.Default.FakeServerLine), (byte)'\n'];
        open.Position = _read;
        open.Write(line);
        open.Flush();
        _read += line.Length;
    }
}
