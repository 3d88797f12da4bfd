using System.CommandLine;
using System.Globalization;
using Nodepool.Roles;

namespace Nodepool.Cli.Arguments;

/// <summary>Options of commands that host a builder.</summary>
internal sealed class WorkerOptions
{
    private readonly Option<int> _builds = Create("--build-workers", "Image builds at once", 1);
    private readonly Option<int> _uploads = Create("--upload-workers", "Image uploads at once", 4);

    public Option[] All => [_builds, _uploads];

    /// <summary>The order with what the command line says.</summary>
    public RoleOrder Apply(RoleOrder order, CliCall call) => order with { BuildWorkers = call.Value(_builds), UploadWorkers = call.Value(_uploads) };

    private static Option<int> Create(string name, string description, int usual) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 64)
            {
                return count;
            }

            result.AddError($"{name} must be a number from 1 to 64");
            return usual;
        },
    };
}
