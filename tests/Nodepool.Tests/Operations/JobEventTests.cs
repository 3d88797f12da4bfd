using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Operations;

public sealed class JobEventTests
{
    [Theory]
    [InlineData("""{"name": "unit", "build": {"node_name": "n-1", "status": "SUCCESS"}}""", false)]
    [InlineData("""{"name": "unit", "build": {"node_name": "n-1", "status": "FAILURE", "parameters": {"ZUUL_BRANCH": "master"}}}""", true)]
    [InlineData("""{"name": "unit", "build": {"node_name": "n-1", "status": null}}""", true)]
    [InlineData("""{"name": "unit", "build": {"node_name": "n-1"}}""", true)]
    public void Parse_TheEndOfAJob(string json, bool hasFailed) =>
        Assert.Equal(new JobEvent("n-1", new EndedJob("unit", hasFailed)), JobEvent.Parse("onFinalized " + json));

    [Theory]
    [InlineData("""onStarted {"name": "unit", "build": {"node_name": "n-1"}}""")]
    [InlineData("onCompleted nonsense")]
    [InlineData("""onFinalized {"name": "unit", "build": {}}""")]
    [InlineData("""onFinalized {"name": "unit", "build": {"node_name": ""}}""")]
    [InlineData("""onFinalized {"name": "unit"}""")]
    public void Parse_WhatTellsOfNothingElse_IsPassedOver(string message) => Assert.Null(JobEvent.Parse(message));

    [Theory]
    [InlineData("")]
    [InlineData("onFinalized")]
    [InlineData("onFinalized {secret")]
    [InlineData("onFinalized []")]
    [InlineData("""onFinalized {"build": {"node_name": "secret"}}""")]
    [InlineData("""onFinalized {"name": 7, "build": {"node_name": "secret"}}""")]
    public void Parse_Nonsense_IsRefusedWithoutRepeatingIt(string message) =>
        Assert.DoesNotContain("secret", Assert.Throws<FormatException>(() => JobEvent.Parse(message)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0000000042", "0000000042")]
    [InlineData("42", "0000000042")]
    [InlineData("trusty-cloud-42", "0000000042")]
    [InlineData("trusty-cloud-0000000042", "0000000042")]
    [InlineData("trusty-42.ci.example", "0000000042")]
    [InlineData("trusty-42", "0000000042")]
    [InlineData("trusty", null)]
    [InlineData("bare-1.example", "0000000043")]
    [InlineData("trusty-other-42", null)]
    [InlineData("44", null)]
    [InlineData("twice.example", null)]
    public void Find_ByWhatACiSystemCallsIt(string name, string? expected)
    {
        var config = new NodepoolConfig { JobEvents = new JobEventsConfig { NodeNames = ["{label.name}-{node_id}.ci.example"] } };
        var stored = new ViewFixture()
            .Node("0000000042", NodeState.InUse, "trusty", change: node => node with { Provider = "cloud" })
            .Node("0000000043", NodeState.Hold, "trusty", change: node => node with { Hostname = "bare-1.example" })
            .Node("0000000044", NodeState.Ready, "trusty")
            .Node("0000000045", NodeState.InUse, change: node => node with { Hostname = "twice.example" })
            .Node("0000000046", NodeState.InUse, change: node => node with { Hostname = "twice.example" });

        Assert.Equal(expected, NodeNames.Find(stored.View, config, name)?.Id);
    }
}
