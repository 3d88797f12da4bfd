namespace Nodepool.Diagnostics;

/// <summary>Names that the compiler gave to state machines of async methods, as people wrote them.</summary>
internal static class AsyncMethodName
{
    /// <summary>
    /// Of <c>N.Type+&lt;RunAsync&gt;d__5</c> it is <c>N.Type.RunAsync</c>; local functions and lambdas are named after the method that they are in.
    /// What has another form is left as it is.
    /// </summary>
    public static string Of(string stateMachine)
    {
        var plus = stateMachine.LastIndexOf("+<", StringComparison.Ordinal);
        var close = stateMachine.LastIndexOf(">d", StringComparison.Ordinal);
        if (plus < 0 || close < plus)
        {
            return stateMachine;
        }

        var type = stateMachine[..plus];

        // Closures are nested types of their own: "Type+<>c__DisplayClass3_0".
        var closure = type.IndexOf("+<>c", StringComparison.Ordinal);
        type = (closure < 0 ? type : type[..closure]).Replace('+', '.');
        return $"{type}.{Method(stateMachine[(plus + 2)..close])}";
    }

    /// <summary><c>RunAsync</c>, <c>&lt;RunAsync&gt;g__Inner|3_0</c> (a local function) or <c>&lt;RunAsync&gt;b__0</c> (a lambda).</summary>
    private static string Method(string name)
    {
        var end = name.LastIndexOf('>');
        if (end < 0)
        {
            return name;
        }

        var outer = name[..end].Trim('<', '>', '$');
        var inner = name[(end + 1)..];
        var local = inner.IndexOf("g__", StringComparison.Ordinal);
        return local < 0 ? $"{outer} (lambda)" : $"{outer}.{inner[(local + 3)..].Split('|')[0]}";
    }
}
