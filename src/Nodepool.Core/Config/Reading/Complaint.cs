namespace Nodepool.Core.Config.Reading;

/// <summary>What is wrong with a piece of a configuration file: a sentence, and its parts for programs.</summary>
/// <param name="Message">What is wrong, what was expected, the nearest valid name or the remedy.</param>
/// <param name="Expected">What would be right, such as <c>a whole number of at least 1</c>; null when that is no short phrase.</param>
/// <param name="Suggestion">The valid name that is nearest to the wrong one; null when none is near.</param>
public sealed record Complaint(string Message, string? Expected = null, string? Suggestion = null)
{
    /// <summary>A sentence alone.</summary>
    public static implicit operator Complaint(string message) => new(message);

    /// <summary>A sentence alone.</summary>
    public static Complaint FromString(string message) => message;

    /// <summary>A value of the wrong kind: <c>EXPECTED expected, FOUND</c>.</summary>
    /// <param name="expected">What would be right.</param>
    /// <param name="found">What is there: <c>found 'x'</c>, <c>this is a list</c>.</param>
    /// <param name="suggestion">The nearest valid value, if any is near.</param>
    public static Complaint OfValue(string expected, string found, string? suggestion = null) =>
        new($"{expected} expected, {found}{Wording.DidYouMean(suggestion)}", expected, suggestion);

    /// <summary>A name that does not exist, with the nearest one that does, or all of them when they are few.</summary>
    /// <param name="wrong">The sentence without end: <c>no label 'x' under 'labels'</c>.</param>
    /// <param name="name">The name that was written.</param>
    /// <param name="known">The names that exist.</param>
    /// <param name="kind">What they are, for <c>KIND: a, b</c>: <c>labels here</c>.</param>
    /// <param name="remedy">What to do, from its punctuation on; empty when the names say it.</param>
    public static Complaint OfName(string wrong, string name, IEnumerable<string> known, string kind, string remedy = "")
    {
        var names = Wording.Candidates(known);
        var suggestion = NearestName.Of(name, names);
        var listed = Wording.Listed(names);
        var hint = suggestion is not null ? Wording.DidYouMean(suggestion) : listed is null ? "" : $" ({kind}: {listed})";
        return new(wrong + hint + remedy, listed is null ? null : "one of " + listed, suggestion);
    }
}
