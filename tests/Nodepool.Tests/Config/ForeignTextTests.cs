using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("f.yaml", "a: 0123\nb: [yes, ~]\nc: {d: '1.0'}\n")]
    [InlineData("f.json", """{"a": "0123", "b": ["yes", null], "c": {"d": 1.0}}""")]
    public void Read_SingleValues_StayTheirText(string file, string text)
    {
        var map = ForeignText.Read(file, text, out var problem)!;

        Assert.Null(problem);
        Assert.Equal(new DataValue.Text("0123"), map.Entries["a"]);
        Assert.Equal(new DataValue.Sequence([new DataValue.Text("yes"), new DataValue.Nothing()]), map.Entries["b"]);
        Assert.Equal(new DataValue.Text("1.0"), ((DataValue.Mapping)map.Entries["c"]).Entries["d"]);
    }

    [Theory]
    [InlineData("f.yaml", "")]
    [InlineData("f.yaml", "---\n# nothing\n")]
    [InlineData("f.yaml", "~")]
    [InlineData("f.json", "null")]
    public void Read_Nothing_IsAnEmptyMapping(string file, string text) => Assert.Empty(ForeignText.Read(file, text, out _)!.Entries);

    [Theory]
    [InlineData("f.yaml", "a: b: secret", "f.yaml:1:")]
    [InlineData("f.yaml", "secret", "f.yaml: the file must be a mapping")]
    [InlineData("f.yaml", "a: !!python/object:secret x", "f.yaml:1:")]
    [InlineData("f.json", "{\n\"a\": secret}", "f.json:2:6: error: this is not JSON")]
    [InlineData("f.json", "[]", "f.json: the file must be a mapping")]
    public void Read_WhatIsWrong_IsToldByPlaceAlone(string file, string text, string expected)
    {
        Assert.Null(ForeignText.Read(file, text, out var problem));

        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem!.Replace("may be secret", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
