namespace Nodepool.Providers.Local;

/// <summary>The words of <see cref="LocalKind"/>.</summary>
internal static class LocalKinds
{
    public static (string Word, LocalKind Kind)[] Words { get; } = [("vm", LocalKind.Vm), ("container", LocalKind.Container)];

    public static string Word(LocalKind kind) => Words.First(each => each.Kind == kind).Word;
}
