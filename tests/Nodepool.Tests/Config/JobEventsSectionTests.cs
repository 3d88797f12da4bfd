using Nodepool.Tests.Config.V2;

namespace Nodepool.Tests.Config;

public sealed class JobEventsSectionTests
{
    private const string V2 = "labels: [{name: a, image: i, providers: [{name: p}]}]\nproviders: [{name: p, cloud: c, max-servers: 1, images: [{name: i, min-ram: 1}]}]\ndiskimages: [{name: i}]\n";

    [Fact]
    public void Read_Addresses_EachOnceWithTheNamesOfNodes()
    {
        var events = ConfigSamples.Read(
            """
            job-events:
              publishers: ['tcp://ci1:8888', 'tcp://[2001:db8::1]:8888', 'tcp://ci1:8888']
              node-names: '{label.name}-{node_id}.example.org'
            """).Config!.JobEvents;

        Assert.Equal(["tcp://ci1:8888", "tcp://[2001:db8::1]:8888"], events.Publishers);
        Assert.Equal(["{label.name}-{node_id}.example.org"], events.NodeNames);
        Assert.Empty(ConfigSamples.Read("labels: []").Config!.JobEvents.Publishers);
    }

    [Theory]
    [InlineData("{publishers: [ci:8888]}", "1:14: error: job-events.publishers: addresses such as tcp://ci.example.org:8888 expected, found 'ci:8888'")]
    [InlineData("{publishers: 'tcp://ci'}", "1:26: error: job-events.publishers: addresses such as tcp://ci.example.org:8888 expected, found 'tcp://ci'")]
    [InlineData("{node-names: '{node_id}'}", "1:13: error: job-events.publishers: 'publishers' is missing: nobody would be listened to")]
    [InlineData("{publishers: 'tcp://ci:1', node-names: '{node-id}'}", "1:52: error: job-events.node-names: there is no 'node-id' of a node in '{node-id}' (did you mean 'node_id'?)")]
    [InlineData("{publishers: 'tcp://ci:1', node-names: '{label.name}'}", "1:52: error: job-events.node-names: '{label.name}' would be the name of several nodes: it needs {node_id}")]
    [InlineData("{publisher: 'tcp://ci:1'}", "1:14: error: job-events.publisher: unknown key 'publisher' (did you mean 'publishers'?)")]
    public void Read_WhatIsNone_SaysWhereAndWhat(string section, string expected) => Assert.Contains(expected, ConfigSamples.Problems($"job-events: {section}"));

    [Fact]
    public void Read_OldKeyInAPresentFile_SaysWhatToWriteInstead() => Assert.Equal(
        "1:1: warning: zmq-publishers: 'zmq-publishers' belongs to the form before Nodepool 3 and has no effect here; write its addresses as 'publishers' under 'job-events'",
        Assert.Single(ConfigSamples.Problems("zmq-publishers: ['tcp://ci:1']\nwebapp: {port: 1}\nlabels: [{name: a, min-ready: -1}]\nproviders: [{name: p, pools: []}]"), problem => problem.Contains("zmq", StringComparison.Ordinal)));

    [Theory]
    [InlineData("zmq-publishers: []", "", "")]
    [InlineData("zmq-publishers: 'tcp://ci:1'", "tcp://ci:1", "")]
    [InlineData("zmq-publishers: ['tcp://ci:1']\ntargets: [{name: x, hostname: '{label.name}-{provider.name}-{node_id}'}, {name: y, hostname: 'n{node_id}'}, {name: z, hostname: '{node_id}-{timestamp}'}]", "tcp://ci:1", "n{node_id}")]
    [InlineData("targets: [{name: y, hostname: 'n{node_id}'}]", "", "")]
    public void Read_V2File_MeansTheSame(string text, string publishers, string names)
    {
        var events = V2Samples.Read(V2 + text).Config!.JobEvents;

        Assert.Equal((publishers, names), (string.Join(',', events.Publishers), string.Join(',', events.NodeNames)));
    }

    [Theory]
    [InlineData("zmq-publishers: ['ipc:///run/ci']", "4:1: error: zmq-publishers: addresses such as tcp://ci.example.org:8888 expected, found 'ipc:///run/ci'")]
    [InlineData("zmq-publishers: ['tcp://ci:1']\ntargets: [{name: z, hostname: '{node_id}-{timestamp}'}]", "5:21: warning: targets[0].hostname: there is no 'timestamp' of a node in '{node_id}-{timestamp}' (fields: label.name, node_id, provider.name); job events that call nodes so tell nothing")]
    [InlineData("zmq-publishers: ['tcp://ci:1']\ntargets: [{name: z, hostname: 'ci'}]", "5:21: warning: targets[0].hostname: 'ci' would be the name of several nodes: it needs {node_id}; job events that call nodes so tell nothing")]
    public void Read_V2File_SaysWhatCannotBe(string text, string expected) => Assert.Contains(expected, V2Samples.Problems(V2 + text));
}
