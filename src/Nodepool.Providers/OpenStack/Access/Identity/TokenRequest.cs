using System.Text.Json;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>Writes the body by which Keystone is asked for a token. It holds secrets.</summary>
internal static class TokenRequest
{
    public static ReadOnlyMemory<byte> Write(Credentials credentials, ProjectScope? scope)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("auth");
            WriteIdentity(json, credentials);
            if (scope is not null && !credentials.FixesProject)
            {
                WriteScope(json, scope);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteIdentity(Utf8JsonWriter json, Credentials credentials)
    {
        var method = credentials switch
        {
            Credentials.UserPassword => "password",
            Credentials.Application => "application_credential",
            _ => "token",
        };
        json.WriteStartObject("identity");
        json.WriteStartArray("methods");
        json.WriteStringValue(method);
        json.WriteEndArray();
        json.WriteStartObject(method);
        switch (credentials)
        {
            case Credentials.UserPassword password:
                WriteUser(json, password.User, password.Password.Reveal());
                break;
            case Credentials.Application application:
                WriteApplication(json, application);
                break;
            case Credentials.ForeignToken token:
                json.WriteString("id", token.Token.Reveal());
                break;
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteApplication(Utf8JsonWriter json, Credentials.Application application)
    {
        if (application.Id is { } id)
        {
            json.WriteString("id", id);
        }
        else
        {
            json.WriteString("name", application.Name);
            WriteUser(json, application.User!, null);
        }

        json.WriteString("secret", application.Secret.Reveal());
    }

    private static void WriteUser(Utf8JsonWriter json, UserName user, string? password)
    {
        json.WriteStartObject("user");
        WriteNamed(json, user.Id, user.Name, user.Domain);
        if (password is not null)
        {
            json.WriteString("password", password);
        }

        json.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter json, ProjectScope scope)
    {
        json.WriteStartObject("scope");
        json.WriteStartObject(scope.TrustId is null ? "project" : "OS-TRUST:trust");
        WriteNamed(json, scope.TrustId ?? scope.Id, scope.Name, scope.Domain);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>An id suffices; a name needs its domain.</summary>
    private static void WriteNamed(Utf8JsonWriter json, string? id, string? name, DomainName? domain)
    {
        if (id is not null)
        {
            json.WriteString("id", id);
            return;
        }

        json.WriteString("name", name);
        if (domain is not null)
        {
            json.WriteStartObject("domain");
            WriteNamed(json, domain.Id, domain.Name, null);
            json.WriteEndObject();
        }
    }
}
