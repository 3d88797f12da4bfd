namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>A piece that a <see cref="YamlRewrite"/> puts into a text.</summary>
/// <param name="At">Offset in the original text before which it goes.</param>
/// <param name="Text">What it is: blanks, or quotes.</param>
internal readonly record struct YamlInsertion(int At, string Text);
