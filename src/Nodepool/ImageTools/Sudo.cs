using Nodepool.Core.Collections;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>
/// Clears up for a builder that is not root what diskimage-builder has done as root: that runs sudo(8) itself, so where it could do anything this
/// user may use it.
/// </summary>
internal static class Sudo
{
    /// <summary>The command as it is for root and where there is no sudo; else through it, and nobody is asked for a password.</summary>
    public static (string Program, ValueList<string> Arguments) Wrap(string program, params ReadOnlySpan<string> arguments) =>
        Environment.IsPrivilegedProcess || Programs.Find("sudo") is null
            ? (program, [.. arguments])
            : ("sudo", ["--non-interactive", "--", program, .. arguments]);
}
