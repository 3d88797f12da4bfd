namespace Nodepool.Core.Config.Templates;

/// <summary>What a field of a template holds, so that a template can be checked before there is a value.</summary>
public enum FormatShape
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>Any JSON value; what is in it is only known when it is there.</summary>
    Anything,
}
