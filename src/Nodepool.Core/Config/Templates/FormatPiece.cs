namespace Nodepool.Core.Config.Templates;

/// <summary>A part of a template.</summary>
/// <param name="Literal">Text that stands for itself.</param>
/// <param name="Field">What follows it; null at the end.</param>
internal sealed record FormatPiece(string Literal, FormatField? Field);
