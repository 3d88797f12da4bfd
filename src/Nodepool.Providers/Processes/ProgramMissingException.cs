namespace Nodepool.Providers.Processes;

/// <summary>A program is not installed.</summary>
public sealed class ProgramMissingException : Exception
{
    /// <summary>Makes the exception with a message that names the program and how to install it.</summary>
    /// <param name="program">The program as asked for.</param>
    /// <param name="package">The Debian package that has it, or null when that is not known.</param>
    public ProgramMissingException(string program, string? package)
        : base(package is null
            ? $"the program '{program}' was not found; install it or correct its path"
            : $"the program '{program}' is not installed; install it with: apt-get install --no-install-recommends {package}")
    {
        Program = program;
        Package = package;
    }

    /// <summary>The program as asked for.</summary>
    public string Program { get; }

    /// <summary>The Debian package that has it, or null.</summary>
    public string? Package { get; }
}
