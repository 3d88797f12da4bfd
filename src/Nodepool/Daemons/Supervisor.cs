using System.Net.Sockets;

namespace Nodepool.Daemons;

/// <summary>systemd or what behaves like it (sd_notify(3)): it keeps the process itself, and wants to be told how far the process is.</summary>
internal static class Supervisor
{
    /// <summary>Started by one: then going to the background would only hide the process from it.</summary>
    public static bool IsThere => ((string[])["NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM"]).Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <summary>Says <c>READY=1</c>, <c>STOPPING=1</c> or <c>RELOADING=1</c>; nothing when nobody listens.</summary>
    public static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } path || path[0] is not ('/' or '@'))
        {
            return;
        }

        try
        {
            // A leading @ stands for the NUL of an abstract name.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(System.Text.Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // A supervisor that has gone cannot be told.
        }
    }
}
