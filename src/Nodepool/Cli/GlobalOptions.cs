using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Logging;

namespace Nodepool.Cli;

/// <summary>Options that every command has.</summary>
internal sealed class GlobalOptions
{
    public const string DefaultConfig = "/etc/nodepool/nodepool.yaml";

    private static readonly string[] LevelWords = ["debug", "info", "warning", "error"];

    public Option<string> Config { get; } = new("--config", "-c")
    {
        Description = "Configuration file",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = _ => DefaultConfig,
    };

    public Option<string?> Secure { get; } = new("--secure", "-s")
    {
        Description = "Secure file: secrets that are put over the configuration",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string> Output { get; } = new Option<string>("--output", "-o")
    {
        Description = "Form of the answer: a table as scripts know it, all columns, or a form for programs",
        HelpName = "FORM",
        Recursive = true,
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong([.. OutputForms.List.Select(OutputForms.Word)]);

    public Option<bool> Debug { get; } = new("--debug") { Description = "Log everything; show where errors come from", Recursive = true };

    public Option<string?> LogLevel { get; } = new Option<string?>("--log-level")
    {
        Description = "Least level to log (default: info for roles, warning for other commands)",
        HelpName = "LEVEL",
        Recursive = true,
    }.AcceptOnlyFromAmong(LevelWords);

    public Option<string> LogFormat { get; } = new Option<string>("--log-format")
    {
        Description = "Form of the log on standard error",
        HelpName = "text|json",
        Recursive = true,
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", "json");

    public Option<string?> LogConfig { get; } = new("--log-config", "-l")
    {
        Description = "Log configuration of Python's logging module: YAML, JSON or ini",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<bool> NoColour { get; } = new("--no-color") { Description = "No colours, even on a terminal", Recursive = true };

    public Option<bool> Version { get; } = new("--version") { Description = "Show the version and end", Recursive = true };

    public IReadOnlyList<Option> All => [Config, Secure, Output, Debug, LogLevel, LogFormat, LogConfig, NoColour, Version];

    /// <summary>The logs that a command line asks for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usual">The level unless it says otherwise.</param>
    /// <param name="isTerminal">Standard error goes to a terminal.</param>
    public LogSettings Logs(ParseResult parsed, LogLevel usual, bool isTerminal)
    {
        var debug = parsed.GetValue(Debug);
        var level = parsed.GetValue(LogLevel) switch
        {
            "debug" => Microsoft.Extensions.Logging.LogLevel.Debug,
            "info" => Microsoft.Extensions.Logging.LogLevel.Information,
            "warning" => Microsoft.Extensions.Logging.LogLevel.Warning,
            "error" => Microsoft.Extensions.Logging.LogLevel.Error,
            _ => debug ? Microsoft.Extensions.Logging.LogLevel.Debug : usual,
        };
        return new LogSettings(level, parsed.GetValue(LogFormat) == "json", isTerminal && !parsed.GetValue(NoColour), !isTerminal, debug);
    }
}
