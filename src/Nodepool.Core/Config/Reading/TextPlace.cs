namespace Nodepool.Core.Config.Reading;

/// <summary>A place in a file as editors count it.</summary>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column, counted in Unicode code points.</param>
public readonly record struct TextPlace(int Line, int Column);
