using Nodepool.Core.Config.Legacy;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>A v2 file in the present form.</summary>
/// <param name="Root">The tree; every part of it has the place that it has in the file.</param>
/// <param name="Comments">What was left out or changed, where it stood.</param>
/// <param name="Legacy">What the present form cannot say.</param>
internal sealed record V2Translation(YamlMapping Root, TreeComments Comments, LegacyConfig Legacy);
