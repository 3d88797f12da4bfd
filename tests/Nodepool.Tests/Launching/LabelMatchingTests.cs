using Nodepool.Core.Launching.Pools;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Launching;

public sealed class LabelMatchingTests
{
    [Theory]
    [InlineData("a", "ab", "0")]
    [InlineData("ab", "ab a", "10")]
    [InlineData("ab", "ab b", "01")]
    [InlineData("ba", "ab b", "10")]
    [InlineData("abc", "ab bc ac", "012")]
    [InlineData("aab", "ab ab a", "210")]
    [InlineData("aa", "a", "0-")]
    [InlineData("xa", "ab", "-0")]
    [InlineData("a", "", "-")]
    public void Of_SomeNodes_FillsAsManyPlacesAsPossible(string labels, string nodes, string expected)
    {
        var all = Nodes(nodes.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        var filled = LabelMatching.Of([.. labels.Select(label => label.ToString())], all);

        Assert.Equal(expected, string.Concat(filled.Select(node => node?.Id ?? "-")));
    }

    /// <summary>Against all ways there are to fill the places.</summary>
    [Fact]
    public void Of_AnyNodes_LeavesNoPlaceEmptyThatCouldBeFilled()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            string[] labels = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Label(random))];
            var nodes = Nodes([.. Enumerable.Range(0, random.Next(6)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Label(random)).Distinct()))]);

            var filled = LabelMatching.Of(labels, nodes);

            Assert.All(filled.Zip(labels).Where(pair => pair.First is not null), pair => Assert.Contains(pair.Second, pair.First!.Record!.Type));
            Assert.Equal(filled.OfType<NodeView>().Count(), filled.OfType<NodeView>().Distinct().Count());
            Assert.Equal(Most(labels, nodes, 0), filled.Count(node => node is not null));
        }
    }

    private static int Most(string[] labels, IReadOnlyList<NodeView> left, int place) => place == labels.Length ? 0
        : left.Where(node => node.Record!.Type.Contains(labels[place])).Select(node => 1 + Most(labels, [.. left.Where(other => other != node)], place + 1))
            .Append(Most(labels, left, place + 1)).Max();

    private static string Label(Random random) => ((char)('a' + random.Next(4))).ToString();

    private static List<NodeView> Nodes(string[] types)
    {
        var stored = new ViewFixture();
        for (var i = 0; i < types.Length; i++)
        {
            var type = types[i];
            stored.Node($"{i}", NodeState.Ready, change: node => node with { Type = [.. type.Select(label => label.ToString())] });
        }

        return [.. stored.View.Nodes.ById.Values.OrderBy(node => node.Id, StringComparer.Ordinal)];
    }
}
