using Nodepool.State.ZooKeeper;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>Ends a session as its death would, while its process lives: whoever knows its number and password may end it.</summary>
internal static class SessionKill
{
    public static async Task KillAsync(ZooKeeperEngine engine, ClientOptions options, IDialer dialer, CancellationToken ct)
    {
        var ticket = new SessionTicket(options.Time, options.SessionTimeout);
        ticket.Established(engine.Client.Ticket.Id, engine.Client.Ticket.Password, engine.Client.Ticket.Timeout);
        // The server gives the session to whoever has connected last: the client under test, which loses its connection by this, may be quicker to come back
        // than the order to close is on its way.
        while (!await TryKillAsync(options, dialer, ticket, ct))
        {
        }

        engine.Client.Sever();
    }

    private static async Task<bool> TryKillAsync(ClientOptions options, IDialer dialer, SessionTicket ticket, CancellationToken ct)
    {
        var queue = new RequestQueue(1, 1);
        var server = options.Connect.Servers[0];
        await using var link = new Link(await dialer.DialAsync(server, ct), server, ticket, queue, options);
        var close = Requests.Close();
        try
        {
            if (!await link.ShakeHandsAsync(ct))
            {
                return true;
            }
        }
        catch (IOException)
        {
            return false;
        }

        queue.Add(close);
        await link.RunAsync(new MessageDispatch(queue, ticket, new Deaf(), options.Connect.Chroot), new WatchSet());
        return close.Done.IsCompletedSuccessfully;
    }

    private sealed class Deaf : IClientListener
    {
        public void Happened(WatchEvent happening)
        {
        }

        public void Answered()
        {
        }

        public void Reconnected()
        {
        }

        public void Ended(ErrorCode reason)
        {
        }
    }
}
