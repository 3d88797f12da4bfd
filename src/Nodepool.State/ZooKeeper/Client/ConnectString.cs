using System.Globalization;

namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Servers and chroot as operators write them: <c>zk1:2181,[2001:db8::1]:2281/chroot</c>; the port may be left out.</summary>
/// <param name="Servers">At least one.</param>
/// <param name="Chroot">Empty, or absolute without a trailing slash.</param>
internal sealed record ConnectString(IReadOnlyList<ServerAddress> Servers, string Chroot)
{
    private const int DefaultPort = 2181;

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It says what is wrong with it.</exception>
    public static ConnectString Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var chroot = slash < 0 ? "" : text[slash..].TrimEnd('/');
        var parts = (slash < 0 ? text : text[..slash]).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            throw new FormatException($"\"{text}\" names no ZooKeeper server; write host:port");
        }

        if (chroot.Contains("//", StringComparison.Ordinal))
        {
            throw new FormatException($"\"{chroot}\" is not a path in ZooKeeper: it has an empty component");
        }

        return new ConnectString([.. parts.Select(ParseServer).Distinct()], chroot);
    }

    private static ServerAddress ParseServer(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 2)
            {
                throw new FormatException($"\"{text}\" has no address between its brackets");
            }

            var rest = text[(end + 1)..];
            return rest.Length > 0 && rest[0] != ':' ? throw Misses(text) : new ServerAddress(text[1..end], ParsePort(text, rest.TrimStart(':')));
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return new ServerAddress(text, DefaultPort);
        }

        if (colon == 0)
        {
            throw new FormatException($"\"{text}\" has no host before its port");
        }

        // An address of IPv6 without brackets cannot have a port: its colons are its own.
        return text.IndexOf(':', StringComparison.Ordinal) < colon
            ? new ServerAddress(text, DefaultPort)
            : new ServerAddress(text[..colon], ParsePort(text, text[(colon + 1)..]));
    }

    private static int ParsePort(string text, string port) =>
        port.Length == 0 ? DefaultPort
        : ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw Misses(text);

    private static FormatException Misses(string text) => new($"\"{text}\" is no host and port: the port is a number from 1 to 65535");
}
