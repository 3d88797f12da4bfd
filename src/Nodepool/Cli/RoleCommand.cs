using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Roles;

namespace Nodepool.Cli;

/// <summary>What the commands that host roles have in common.</summary>
internal static class RoleCommand
{
    /// <summary>A command that hosts roles in the foreground, with the options that Python's daemons had for that.</summary>
    /// <param name="frame">Runs it.</param>
    /// <param name="command">Its name, description and own options.</param>
    /// <param name="complete">Says which roles, and how.</param>
    public static Command Create(CommandFrame frame, Verb command, Func<CliCall, RoleOrder, RoleOrder> complete)
    {
        var foreground = new Option<bool>("-f") { Description = "Stay in the foreground (it always does)" };
        var debug = new Option<bool>("-d") { Description = "The same as --debug" };
        var pidFile = new Option<string?>("-p") { Description = "Write the process id there while running", HelpName = "FILE" };
        command.Options.Add(foreground);
        command.Options.Add(debug);
        command.Options.Add(pidFile);
        return frame.Action(command, OutputForms.None, async (call, _) =>
        {
            call.World.HandOver?.Invoke();
            var loggers = call.Loggers(call.Value(debug) ? LogLevel.Debug : LogLevel.Information);
            var order = complete(call, new RoleOrder([], call.Loaded.Files, call.Config(), loggers));
            using var pid = call.Value(pidFile) is { } file ? PidFile.Write(file) : null;
            call.Note(
                $"nodepool {ProgramVersion.Text}: {string.Join(", ", order.Names)}; process {Environment.ProcessId}, configuration {order.Files.Names}, state in {order.Config.Store}");
            return await call.World.RunRoles(order);
        }, hosts: true);
    }
}
