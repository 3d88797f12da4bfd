using System.Net;
using Nodepool.Providers.OpenStack.Access.Transport;

namespace Nodepool.Tests.Providers.OpenStack.Access;

public sealed class WireAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("Fri, 02 Jan 2026 03:04:25 GMT", 20.0)]
    [InlineData("Fri, 02 Jan 2026 03:00:00 GMT", 0.0)]
    [InlineData("99999999999", 86400.0)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public void RetryAfter_IsSecondsOrADate(string? text, double? expected)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (text is not null)
        {
            headers["retry-after"] = text;
        }

        Assert.Equal(expected, new WireAnswer(HttpStatusCode.TooManyRequests, headers, default).RetryAfter(Now)?.TotalSeconds);
    }

    [Theory]
    [InlineData("servers/detail?limit=1000", "servers.detail")]
    [InlineData("servers/5f3c/action", "servers.action")]
    [InlineData("images/5f3c/file", "images.file")]
    [InlineData("limits", "limits")]
    public void ResourceOf_LeavesIdsOut(string path, string expected) => Assert.Equal(expected, CallMeter.ResourceOf(path));
}
