using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>One request and its whole answer, within a time.</summary>
internal static class HttpExchange
{
    /// <exception cref="NoAnswerException">There was none, or it broke off.</exception>
    public static async Task<WireAnswer> SendAsync(HttpClient http, HttpRequestMessage request, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            var answer = new WireAnswer(response.StatusCode, HeadersOf(response), body);
            return answer.IsSuccess && answer.IsJson && !IsWhole(body) ? throw new NoAnswerException("the answer breaks off in its middle") : answer;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new NoAnswerException($"no answer within {limit.TotalSeconds:0.#} seconds", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Lasting(e) is { } reason ? new NoAnswerException(reason, e, isLasting: true) : new NoAnswerException(Innermost(e).Message.TrimEnd('.'), e);
        }
    }

    private static string? Lasting(Exception e) => e switch
    {
        { InnerException: AuthenticationException tls } => $"no trusted connection ({Innermost(tls).Message.TrimEnd('.')}); give the authority that signed the cloud's certificates as 'cacert' in clouds.yaml",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"{e.Message.TrimEnd('.')}; check the address and the name servers",
        _ => null,
    };

    private static Exception Innermost(Exception e) => e.InnerException is { } inner and not OperationCanceledException && e is not HttpRequestException { InnerException: System.Net.Sockets.SocketException }
        ? Innermost(inner)
        : e;

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        Take(response.Headers);
        Take(response.Content.Headers);
        return headers;

        void Take(HttpHeaders some)
        {
            foreach (var (name, values) in some.NonValidated)
            {
                headers[name] = string.Join(',', (IEnumerable<string>)values);
            }
        }
    }

    /// <summary>A connection that a proxy cuts may look like one that ended well.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                reader.Skip();
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
