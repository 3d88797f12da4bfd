using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Daemons;
using Nodepool.Roles;

namespace Nodepool.Cli.Commands;

/// <summary>What the commands that host roles have in common.</summary>
internal static class RoleCommand
{
    /// <summary>A command that hosts roles, with the options that Python's daemons had for that.</summary>
    /// <param name="frame">Runs it.</param>
    /// <param name="command">Its name, description and own options.</param>
    /// <param name="complete">Says which roles, and how.</param>
    public static Command Create(CommandFrame frame, Verb command, Func<CliCall, RoleOrder, RoleOrder> complete)
    {
        var foreground = new Option<bool>("-f") { Description = "Stay in the foreground; only the names of the old daemons do not" };
        var debug = new Option<bool>("-d") { Description = "Stay in the foreground and log everything, as --debug" };
        var pidFile = new Option<string?>("-p") { Description = "Write the process id there while running", HelpName = "FILE" };
        command.Options.Add(foreground);
        command.Options.Add(debug);
        command.Options.Add(pidFile);
        return frame.Action(command, OutputForms.None, async (call, ct) =>
        {
            var world = call.World;
            world.HandOver?.Invoke();
            if (world.Detach is { } detach && CallName.IsDaemon(world.ProgramName) && !call.Value(foreground) && !call.Value(debug))
            {
                return await detach(world.ProgramName, call.Arguments, ct);
            }

            var loggers = call.Loggers(call.Value(debug) ? LogLevel.Debug : LogLevel.Information);
            var order = complete(call, new RoleOrder([], call.Loaded.Files, call.Config(), loggers));
            var pidPath = call.Value(pidFile) ?? (world.Daemon is { } daemon ? DaemonFiles.Pid(daemon) : null);
            using var pid = pidPath is null ? null : PidFile.Write(pidPath);
            call.Note(
                $"nodepool {ProgramVersion.Text}: {string.Join(", ", order.Names)}; process {Environment.ProcessId}, configuration {order.Files.Names}, state in {order.Config.Store}");
            return await world.RunRoles(order);
        }, hosts: true);
    }
}
