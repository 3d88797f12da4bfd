namespace Nodepool.Web;

/// <summary>In which form a list is answered.</summary>
internal enum AnswerForm
{
    /// <summary>Nothing that the client accepts.</summary>
    None,

    /// <summary>The table as plain text.</summary>
    Text,

    /// <summary>JSON.</summary>
    Json,
}
