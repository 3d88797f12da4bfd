namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Answer to <c>POST /servers</c> and <c>GET /servers/ID</c>.</summary>
/// <param name="Server">The server; a create tells little more than its id.</param>
internal sealed record ServerAnswer(ServerEntry Server);
