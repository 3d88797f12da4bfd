using Nodepool.Web;

namespace Nodepool.Tests.Web;

public sealed class NegotiationTests
{
    [Theory]
    [InlineData(AnswerForm.Text)]
    [InlineData(AnswerForm.Text, "*/*")]
    [InlineData(AnswerForm.Text, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8")]
    [InlineData(AnswerForm.Text, "text/*")]
    [InlineData(AnswerForm.Text, "text/plain, application/json;q=0.9")]
    [InlineData(AnswerForm.Text, "text/plain, application/json")]
    [InlineData(AnswerForm.Text, "complete nonsense;;;")]
    [InlineData(AnswerForm.Json, "application/json")]
    [InlineData(AnswerForm.Json, "application/*")]
    [InlineData(AnswerForm.Json, "application/json, text/plain, */*")]
    [InlineData(AnswerForm.Json, "application/json, */*;q=0.5")]
    [InlineData(AnswerForm.Json, "text/*;q=0.5", "application/json;q=0.6")]
    [InlineData(AnswerForm.Json, "*/*, text/*;q=0")]
    [InlineData(AnswerForm.Text, "*/*, application/json;q=0")]
    [InlineData(AnswerForm.None, "image/png")]
    [InlineData(AnswerForm.None, "*/*;q=0")]
    internal void Choose_ByTheAcceptHeader_FollowsItsRanking(AnswerForm expected, params string[] accept) => Assert.Equal(expected, Negotiation.Choose(accept));
}
