using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool config-migrate</c>.</summary>
internal static class ConfigMigrateCommand
{
    public static Command Create(CommandFrame frame) =>
        frame.Action(
        new Verb(
            "config-migrate",
            "Print a configuration file of the form before Nodepool 3 in the present form",
            "The new file goes to standard output and means the same; comments that begin with 'v2:' say what was left out or is different. What is wrong or "
            + "doubtful in the old file goes to standard error. References to environment variables stay references. A file that has the present form "
            + "already is printed as it is. The exit status is 1 when the old file has errors: what can be told of it is printed all the same.",
            new Example("nodepool -c old.yaml config-migrate", "Show what becomes of a file; redirect standard output to keep it"),
            new Example("nodepool config-migrate", "The same for the file at the usual place")),
        OutputForms.None,
        (call, _) =>
        {
            var result = call.Loaded.Result;
            var migration = ConfigMigration.Of(result.Text);
            if (migration.IsPresent)
            {
                call.Note($"{call.ConfigFile} has the present form already; it is printed as it is");
            }
            else
            {
                ConfigReport.Write(call.World.Error, migration.Problems.Count > 0 && result.Config is not null ? result with { Problems = migration.Problems } : result, useColour: false);
            }

            call.World.Out.Write(migration.Text);
            return Task.FromResult(migration.Text is null || result.Config is null ? ExitStatus.Problem : ExitStatus.Ok);
        });
}
