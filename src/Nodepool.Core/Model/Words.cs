using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>The words by which states are stored, listed and measured.</summary>
public static class Words
{
    private static readonly string[] Nodes = ["init", "building", "testing", "ready", "in-use", "used", "hold", "deleting", "deleted", "failed", "aborted"];
    private static readonly string[] Requests = ["requested", "pending", "fulfilled", "failed"];
    private static readonly string[] Images = ["building", "uploading", "ready", "failed", "deleting"];

    /// <summary>All words for states of nodes.</summary>
    public static IReadOnlyList<string> NodeStates => Nodes;

    /// <summary>All words for states of requests.</summary>
    public static IReadOnlyList<string> RequestStates => Requests;

    /// <summary>All words for states of builds and uploads.</summary>
    public static IReadOnlyList<string> ImageStates => Images;

    /// <summary>The stored word of a node state.</summary>
    public static string Word(this NodeState state) => Nodes[(int)state];

    /// <summary>The stored word of a request state.</summary>
    public static string Word(this RequestState state) => Requests[(int)state];

    /// <summary>The stored word of a build's or upload's state.</summary>
    public static string Word(this ImageState state) => Images[(int)state];

    /// <summary>The node state of a stored word.</summary>
    /// <exception cref="RecordFormatException">No such state.</exception>
    public static NodeState NodeState(string? word) => (NodeState)Index(Nodes, word, "node");

    /// <summary>The request state of a stored word.</summary>
    /// <exception cref="RecordFormatException">No such state.</exception>
    public static RequestState RequestState(string? word) => (RequestState)Index(Requests, word, "request");

    /// <summary>The build or upload state of a stored word.</summary>
    /// <exception cref="RecordFormatException">No such state.</exception>
    public static ImageState ImageState(string? word) => (ImageState)Index(Images, word, "image");

    private static int Index(string[] words, string? word, string kind)
    {
        var index = Array.IndexOf(words, word);
        return index >= 0 ? index : throw new RecordFormatException($"'{word}' is no {kind} state; known are {string.Join(", ", words)}");
    }
}
