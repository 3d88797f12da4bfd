using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Nodepool.Daemons;

/// <summary>
/// Going to the background, as Python's daemons did under their names: the program is started again in a session of its own, and the first
/// process stays until the second serves, so that its exit status tells whether the start worked.
/// </summary>
internal static partial class Background
{
    /// <summary>Set for the second process; holds the name of the daemon.</summary>
    private const string Mark = "NODEPOOL_BACKGROUND";

    /// <summary>Ends what the first process relays. No text of ours begins with this character.</summary>
    private const string ReadyLine = "\u0006serving";

    /// <summary>Number of the descriptor for errors.</summary>
    private const int Errors = 2;

    /// <summary>Name of the daemon that this process is the background of; null in the foreground.</summary>
    public static string? Daemon { get; private set; }

    /// <summary>To be called first of all: leaves the session of the terminal when this is the second process.</summary>
    public static void Begin()
    {
        if (Environment.GetEnvironmentVariable(Mark) is { Length: > 0 } name)
        {
            Daemon = name;
            Environment.SetEnvironmentVariable(Mark, null);
            _ = NewSession();
        }
    }

    /// <summary>Starts the second process and waits until it serves or has ended.</summary>
    /// <param name="name">Name of the daemon.</param>
    /// <param name="arguments">Its command line, from the command on.</param>
    /// <param name="error">Gets what it says until it serves.</param>
    /// <param name="ct">Ctrl-C: the second process is told to end.</param>
    /// <returns>The exit status of the first process.</returns>
    public static async Task<int> StartAsync(string name, IReadOnlyList<string> arguments, TextWriter error, CancellationToken ct)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Mark] = name;
        using var daemon = Process.Start(start)!;
        using var stopped = ct.Register(daemon.Kill);
        var output = RelayAsync(daemon.StandardOutput, error);
        if (await RelayAsync(daemon.StandardError, error))
        {
            return Cli.ExitStatus.Ok;
        }

        await daemon.WaitForExitAsync(CancellationToken.None);
        _ = await output;
        return ct.IsCancellationRequested ? Cli.ExitStatus.Interrupted : daemon.ExitCode == 0 ? Cli.ExitStatus.Problem : daemon.ExitCode;
    }

    /// <summary>Tells the first process that this one serves, and lets go of what they had in common.</summary>
    public static void Serving()
    {
        if (Daemon is null)
        {
            return;
        }

        // The mark comes last, and down the pipe of the errors: whoever sees the first process end finds this one detached and everything said.
        Console.Out.Flush();
        Console.Error.Flush();
        using var first = new FileStream(new SafeFileHandle(Duplicate(Errors), ownsHandle: true), FileAccess.Write, bufferSize: 0);
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var standard = 0; standard <= Errors; standard++)
        {
            _ = Duplicate(nothing, standard);
        }

        try
        {
            first.Write(Encoding.UTF8.GetBytes(ReadyLine + "\n"));
        }
        catch (IOException)
        {
            // Somebody killed the first process; nobody waits to be told.
        }
    }

    /// <summary>Passes lines on until the mark, or the end.</summary>
    /// <returns>Whether the mark came.</returns>
    private static async Task<bool> RelayAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            if (line == ReadyLine)
            {
                return true;
            }

            to.WriteLine(line);
        }

        return false;
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(SafeFileHandle from, int to);

    [LibraryImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int standard);
}
