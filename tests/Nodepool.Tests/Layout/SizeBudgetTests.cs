using System.Reflection;
using System.Text.RegularExpressions;

namespace Nodepool.Tests.Layout;

/// <summary>The size budget of docs/architecture.md: what is larger is to be redesigned, not excused.</summary>
public sealed partial class SizeBudgetTests
{
    [Fact]
    public void SourceFile_Lines_StayWithinTheBudget()
    {
        var lines = SourceTree.Files("src").Select(path => (Path: path, Count: File.ReadLines(path).Count())).OrderBy(file => file.Count).ToArray();

        Assert.True(lines[^1].Count <= 400, $"{lines[^1].Path} has {lines[^1].Count} lines; the limit is 400");
        var p90 = lines[(int)(lines.Length * 0.9)];
        Assert.True(p90.Count <= 200, $"one file in ten has more than {p90.Count} lines; the limit is 200");
    }

    [Fact]
    public void TestFile_Lines_StayWithinTheBudget()
    {
        var largest = SourceTree.Files("tests").MaxBy(path => File.ReadLines(path).Count())!;

        Assert.True(File.ReadLines(largest).Count() <= 500, $"{largest} has {File.ReadLines(largest).Count()} lines; the limit is 500");
    }

    [Fact]
    public void Method_Lines_StayWithinTheBudget()
    {
        var long_ = SourceTree.Files("src").SelectMany(LongMethods).ToArray();

        Assert.True(long_.Length == 0, "methods of more than 60 lines:\n" + string.Join('\n', long_));
    }

    [Fact]
    public void Interface_Members_StayWithinTheBudget()
    {
        var wide = Types().Where(type => type.IsInterface)
            .Select(type => (type.FullName, Count: type.GetMethods().Count(method => !method.IsSpecialName) + type.GetProperties().Length + type.GetEvents().Length))
            .Where(type => type.Count > 8);

        Assert.Empty(wide);
    }

    [Fact]
    public void Constructor_Parameters_StayWithinTheBudget()
    {
        // Records that only carry data are counted by what a caller has to know: their required members, not their positions.
        var wide = Types()
            .Where(type => type.IsClass && type.GetMethod("<Clone>$") is null && !type.Name.Contains('<', StringComparison.Ordinal))
            .SelectMany(type => type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            .Where(constructor => constructor.GetParameters().Length > 7)
            .Select(constructor => $"{constructor.DeclaringType}: {constructor.GetParameters().Length}");

        Assert.Empty(wide);
    }

    [Fact]
    public void Projects_UnderSrc_AreFiveAtMost() => Assert.InRange(SourceTree.Files("src", "*.csproj").Count, 1, 5);

    private static IEnumerable<Type> Types() => new[]
    {
        typeof(Core.Quota).Assembly, typeof(global::Nodepool.State.Memory.MemoryTree).Assembly, typeof(global::Nodepool.Providers.Fake.FakeDriver).Assembly, Assembly.Load("nodepool"),
    }.SelectMany(assembly => assembly.GetTypes());

    /// <summary>A member starts at one level of indentation inside a type and ends where the closing brace returns to it.</summary>
    private static IEnumerable<string> LongMethods(string path)
    {
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!MemberStart().IsMatch(lines[i]))
            {
                continue;
            }

            var indent = lines[i].Length - lines[i].TrimStart().Length;
            var end = Array.FindIndex(lines, i + 1, line => line == new string(' ', indent) + "}");
            if (end > 0 && end - i - 1 > 60 && !lines[i].Contains(" class ", StringComparison.Ordinal) && !lines[i].Contains(" record ", StringComparison.Ordinal))
            {
                yield return $"{path}:{i + 1}: {end - i - 1} lines";
            }
        }
    }

    [GeneratedRegex(@"^ {4,8}(public|private|internal|protected)\b[^;=]*\)\s*(:.*)?$")]
    private static partial Regex MemberStart();
}
