using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.V2;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading;

/// <summary>A configuration file as a tree of <see cref="ConfigMap"/>s, together with the problems found so far. Not thread-safe.</summary>
public sealed class ConfigDocument
{
    private readonly ProblemList _problems;

    private ConfigDocument(ConfigText text, TextBytes.Failure? failure = null)
    {
        Text = text;
        _problems = new ProblemList(text);
        if (failure is not null)
        {
            AddProblem(isError: true, text.PlaceOfOriginal(failure.Offset), "", failure.Message);
            return;
        }

        if (text.IsSecret && SecureText.IsEmpty(text.Expanded))
        {
            return;
        }

        HasSections = text.IsSecret && SecureText.OpensSection(text.Expanded);
        switch (HasSections ? IniLoader.Load(text, _problems) : YamlLoader.Load(text, _problems))
        {
            case null:
                break;
            case YamlMapping mapping:
                Root = new ConfigMap(this, mapping, new ConfigPosition("", mapping.Span.Start, IsHidden: text.IsSecret));
                break;
            case var other:
                AddProblem(isError: true, text.PlaceOf(other.Span.Start), "", $"the file must be a mapping of keys such as 'labels:', this is {other.Kind}");
                break;
        }
    }

    /// <summary>The text that it was made from.</summary>
    public ConfigText Text { get; }

    /// <summary>The outermost mapping; null when the text is no YAML or something else than a mapping.</summary>
    public ConfigMap? Root { get; }

    /// <summary>It is a secure file of the form before Nodepool 3, with <c>[section]</c> lines; they are the keys of the root.</summary>
    internal bool HasSections { get; }

    /// <summary>What was found so far, in file order.</summary>
    public ValueList<ConfigProblem> Problems => _problems.Sorted();

    /// <summary>Whether any of the problems is an error.</summary>
    public bool HasErrors => _problems.HasError;

    internal bool HasTooManyProblems => _problems.IsFull;

    /// <summary>Parses a text. Never throws: what is wrong is among the <see cref="Problems"/>.</summary>
    /// <param name="file">Path as messages shall show it.</param>
    /// <param name="text">The content.</param>
    /// <param name="environment">Gives the value of an environment variable or null; asked only for names with the prefix NODEPOOL_.</param>
    /// <param name="directory">Absolute directory that relative paths in the file start from.</param>
    public static ConfigDocument Parse(string file, string text, Func<string, string?>? environment = null, string directory = "/") =>
        new(new ConfigText(file, directory, text, environment ?? (_ => null), YamlLimits.Length));

    /// <summary>Parses the bytes of a file: UTF-8, or UTF-16 with a byte order mark.</summary>
    /// <inheritdoc cref="Parse(string, string, Func{string, string?}?, string)"/>
    public static ConfigDocument Parse(string file, ReadOnlySpan<byte> content, Func<string, string?>? environment = null, string directory = "/")
    {
        var text = TextBytes.Decode(content, YamlLimits.Length, out var failure);
        return new ConfigDocument(new ConfigText(file, directory, text, environment ?? (_ => null), YamlLimits.Length), failure);
    }

    /// <summary>The secure file: like any other, but nothing that it holds is ever repeated in a message.</summary>
    /// <inheritdoc cref="Parse(string, string, Func{string, string?}?, string)"/>
    public static ConfigDocument ParseSecure(string file, ReadOnlySpan<byte> content, Func<string, string?>? environment = null, string directory = "/")
    {
        var text = TextBytes.Decode(content, YamlLimits.Length, out var failure);
        return new ConfigDocument(new ConfigText(file, directory, text, environment ?? (_ => null), YamlLimits.Length, isSecret: true), failure);
    }

    /// <summary>A file that cannot be read at all.</summary>
    /// <param name="file">Path as messages shall show it.</param>
    /// <param name="message">Why, and what to do.</param>
    public static ConfigDocument Unreadable(string file, string message)
    {
        var document = new ConfigDocument(new ConfigText(file, "/", "{}", _ => null, YamlLimits.Length, isSecret: true));
        document.AddProblem(isError: true, new TextPlace(0, 0), "", message);
        return document;
    }

    /// <summary>Complains about all keys that no reader asked for. To be called once, after everything was read.</summary>
    public void ReportUnknownKeys() => Root?.ReportUnknownKeys();

    /// <summary>Another tree that was made out of this one, so that its problems are problems of this file.</summary>
    internal ConfigMap Over(YamlMapping tree) => new(this, tree, new ConfigPosition("", tree.Span.Start, IsHidden: false));

    internal void AddProblem(bool isError, TextPlace place, string keyPath, Complaint complaint) => _problems.Add(isError, place, keyPath, complaint);
}
