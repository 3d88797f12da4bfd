using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Operations;

/// <summary>A person at the command line, as nodes and locks remember them.</summary>
/// <param name="User">Login name.</param>
/// <param name="Host">Host that the command ran on.</param>
public sealed record ClientIdentity(string User, string Host)
{
    private const string Program = "nodepool-cli";

    /// <summary>Text of lock contenders: <c>nodepool-cli user@host</c>.</summary>
    public string Holder => $"{Program} {User}@{Host}";

    /// <summary>Whether a lock is held from a command line, whoever's: any operator may give such a node back.</summary>
    public static bool IsCommandLine(string holder)
    {
        ArgumentNullException.ThrowIfNull(holder);
        return holder == Program || holder.StartsWith(Program + " ", StringComparison.Ordinal);
    }

    /// <summary>What is stored as <c>user_data</c> of a node that is in use.</summary>
    public RawJson ToUserData() => RawJson.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("client", Program);
        writer.WriteString("user", $"{User}@{Host}");
        writer.WriteEndObject();
    });
}
