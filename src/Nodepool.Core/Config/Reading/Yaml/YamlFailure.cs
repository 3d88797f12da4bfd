namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>Why a document could not be read to its end.</summary>
/// <param name="Place">Offset in the expanded text.</param>
/// <param name="Message">What is wrong; for syntax what the parser says, which may be nothing.</param>
/// <param name="IsSyntax">The parser stopped, else a rule of the loader.</param>
internal sealed record YamlFailure(int Place, string Message, bool IsSyntax);
