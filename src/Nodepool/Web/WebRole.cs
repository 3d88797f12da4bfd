using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;
using Nodepool.Metrics;
using Nodepool.Roles;

namespace Nodepool.Web;

/// <summary>Serves the web lists where the configuration says; listens anew when it says something else.</summary>
/// <param name="feed">The records.</param>
/// <param name="configurations">The configuration in force.</param>
/// <param name="configFile">Its file, for messages.</param>
/// <param name="metrics">What <c>/metrics</c> tells.</param>
/// <param name="sources">Time.</param>
/// <param name="loggers">Makes loggers.</param>
/// <param name="transport">What it listens with; sockets if nothing is said.</param>
internal sealed partial class WebRole(ClusterFeed feed, IConfigSource configurations, string configFile, MetricCollector metrics, Sources sources, ILoggerFactory loggers, IConnectionListenerFactory? transport = null) : IRole
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = loggers.CreateLogger("web");

    /// <inheritdoc/>
    public string Name => RoleOrder.Web;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken ct)
    {
        WebappConfig? last = null;
        while (!ct.IsCancellationRequested)
        {
            var snapshot = configurations.Current;
            try
            {
                await ServeAsync(snapshot, snapshot.Config.Webapp, ct);
                last = snapshot.Config.Webapp;
            }
            catch (RoleStartException e) when (last is not null && last != snapshot.Config.Webapp)
            {
                // Better at the old place than nowhere.
                LogStays(_logger, e.Message, new IPEndPoint(IPAddress.Parse(last.ListenAddress), last.Port));
                await ServeAsync(snapshot, last, ct);
            }
        }
    }

    /// <summary>Serves at an address until the configuration names another than it does in the snapshot.</summary>
    private async Task ServeAsync(ConfigSnapshot snapshot, WebappConfig address, CancellationToken ct)
    {
        var wanted = snapshot.Config.Webapp;
        await using var app = Build(address);
        await StartAsync(app, address, ct);
        LogListening(_logger, app.Urls.First());
        try
        {
            while (snapshot.Config.Webapp == wanted)
            {
                snapshot = await configurations.NextAsync(snapshot.Revision, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end, in order.
        }
        finally
        {
            using var grace = new CancellationTokenSource(Grace, sources.Time);
            await app.StopAsync(grace.Token);
        }
    }

    /// <summary>An empty builder: no configuration of its own from files or environment may make it listen anywhere else.</summary>
    private WebApplication Build(WebappConfig address)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(address.ListenAddress), address.Port);
        });
        if (transport is not null)
        {
            builder.Services.AddSingleton(transport);
        }

        var app = builder.Build();
        app.UseRouting();
        new WebLists(feed, sources).Map(app);
        app.MapMethods("/metrics", [HttpMethods.Get, HttpMethods.Head], context =>
        {
            context.Response.ContentType = MetricCollector.MediaType;
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
        });
        return app;
    }

    private async Task StartAsync(WebApplication app, WebappConfig address, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            var error = (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode;
            var reason = e.InnerException is AddressInUseException || error == SocketError.AddressAlreadyInUse
                ? "another program uses the port: end that program or set another webapp.port"
                : error switch
                {
                    SocketError.AccessDenied => "only root may use ports below 1024: set another webapp.port",
                    SocketError.AddressNotAvailable => "this host has no such address: set another webapp.listen_address",
                    _ => e.Message,
                };
            throw new RoleStartException($"cannot listen on {new IPEndPoint(IPAddress.Parse(address.ListenAddress), address.Port)}: {reason} in {configFile}", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}; the lists stay at {Address}")]
    private static partial void LogStays(ILogger logger, string reason, IPEndPoint address);

    [LoggerMessage(Level = LogLevel.Information, Message = "listening on {Address}")]
    private static partial void LogListening(ILogger logger, string address);

    /// <summary>Signals are the host's business, not the web server's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
