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
        var queue = new RequestQueue(1, 1);
        var server = options.Connect.Servers[0];
        await using var link = new Link(await dialer.DialAsync(server, ct), server, ticket, queue, options);
        if (await link.ShakeHandsAsync(ct))
        {
            queue.Add(Requests.Close());
            await link.RunAsync(new MessageDispatch(queue, ticket, new Deaf(), options.Connect.Chroot), new WatchSet());
        }

        engine.Client.Sever();
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
