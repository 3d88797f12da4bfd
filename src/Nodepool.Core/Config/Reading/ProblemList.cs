using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Collects problems; the same one met through several aliases counts once, and no input makes it grow without bound.</summary>
internal sealed class ProblemList(ConfigText text)
{
    private const int Most = 500;
    private const int MostAlike = 3;
    private const int LongestPath = 400;

    private readonly List<ConfigProblem> _problems = [];
    private readonly HashSet<(TextPlace Place, string Message, bool IsError)> _seen = [];
    private bool _hasError;

    /// <summary>So much is wrong already that words are no longer worth their time.</summary>
    public bool IsFull => _problems.Count >= Most;

    public bool HasError => _hasError;

    public void Add(bool isError, TextPlace place, string keyPath, Complaint complaint)
    {
        if ((!IsFull || (isError && !_hasError)) && _seen.Add((place, complaint.Message, isError)))
        {
            _hasError |= isError;
            // Keys can be names that the file makes up, with whatever characters in them.
            _problems.Add(new ConfigProblem(isError, text.File, place.Line, place.Column, Wording.Printable(keyPath, LongestPath), complaint));
        }
    }

    /// <summary>All of another list of the same file.</summary>
    public void Add(ProblemList others)
    {
        foreach (var problem in others._problems)
        {
            Add(problem.IsError, new TextPlace(problem.Line, problem.Column), problem.KeyPath, problem.Complaint);
        }
    }

    /// <summary>All so far, in file order.</summary>
    public ValueList<ConfigProblem> Sorted()
    {
        // What one reader can do without and another cannot is an error.
        var sorted = _problems.Where(problem => problem.IsError || !_seen.Contains((new TextPlace(problem.Line, problem.Column), problem.Message, true))).GroupBy(problem => (problem.IsError, problem.Message)).SelectMany(Together).OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ThenBy(problem => !problem.IsError);
        return IsFull
            ? sorted.Append(new ConfigProblem(false, text.File, 1, 1, "", $"there may be more than these {Most} problems")).ToValueList()
            : sorted.ToValueList();
    }

    /// <summary>A warning that is given in many places becomes one; an error is shown wherever it is.</summary>
    private static IEnumerable<ConfigProblem> Together(IEnumerable<ConfigProblem> alike)
    {
        var places = alike.ToList();
        if (places.Count <= MostAlike || places[0].IsError)
        {
            return places;
        }

        var first = places.MinBy(problem => (problem.Line, problem.Column))!;
        return [first with { Complaint = first.Complaint with { Message = $"{first.Message} (and {places.Count - 1} more of the same below)" } }];
    }
}
