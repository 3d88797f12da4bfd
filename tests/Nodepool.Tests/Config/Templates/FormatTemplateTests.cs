using System.Text.Json.Nodes;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Templates;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;

namespace Nodepool.Tests.Config.Templates;

/// <summary>Templates give what Python's <c>str.format</c> gives; expected values were taken from CPython.</summary>
public sealed class FormatTemplateTests
{
    private static readonly ValueMap<JsonNode?> Values = FormatVocabulary.ValuesOf("100-0000000007", new NodeRequestRecord
    {
        State = RequestState.Requested,
        StateTime = 5,
        NodeTypes = ["small", "it's"],
        Requestor = "zuul",
        RelativePriority = -3,
        CreatedTime = 1700000000,
        RequestorData = RawJson.FromUtf8(
            """{"job": "tox", "n": 1234567, "f": 0.5, "big": 1e17, "deep": [{"k\u00e9": null}], "on": true, "7": "x", "quote": "\"'\n"}"""u8),
    });

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("{{{request.id}}}", "{100-0000000007}")]
    [InlineData("{request.labels}", """['small', "it's"]""")]
    [InlineData("{request.labels[1]}/{request.labels[0][0]}", "it's/s")]
    [InlineData("{request.tenant_name}", "None")]
    [InlineData("{request.requestor!r}", "'zuul'")]
    [InlineData("{request.relative_priority}", "-3")]
    [InlineData("{request.relative_priority:05d}|{request.relative_priority:+,}", "-0003|-3")]
    [InlineData("{request.created_time}", "1700000000.0")]
    [InlineData("{request.created_time:.0f}", "1700000000")]
    [InlineData("{request.requestor_data[job]:>5}|{request.requestor_data[job]:*^6.2}|{request.requestor:6}|", "  tox|**to**|zuul  |")]
    [InlineData("{request.requestor_data[n]:,} {request.requestor_data[n]:x} {request.requestor_data[n]:10}", "1,234,567 12d687    1234567")]
    [InlineData("{request.requestor_data[f]} {request.requestor_data[f]:.2f} {request.requestor_data[big]}", "0.5 0.50 1e+17")]
    [InlineData("{request.requestor_data[deep]} {request.requestor_data[deep]!a}", """[{'ké': None}] [{'k\xe9': None}]""")]
    [InlineData("{request.requestor_data[on]}", "True")]
    [InlineData("{request.requestor_data[quote]!r}", """'"\'\n'""")]
    public void Evaluate_GivesWhatPythonGives(string template, string expected) =>
        Assert.Equal(expected, FormatTemplate.Parse(template, FormatVocabulary.Request).Evaluate(Values));

    [Theory]
    [InlineData("{request.requestor_data[jobs]}", "{request.requestor_data[jobs]}: an object has no [jobs]")]
    [InlineData("{request.requestor_data[7]}", "{request.requestor_data[7]}: an object has no [7]")]
    [InlineData("{request.labels[2]}", "{request.labels[2]}: a list has no [2]")]
    [InlineData("{request.tenant_name[0]}", "{request.tenant_name[0]}: nothing has no [0]")]
    [InlineData("{request.requestor_data[job]:d}", "{request.requestor_data[job]} is a text, which the format ':d' is not for")]
    [InlineData("{request.tenant_name:5}", "{request.tenant_name} is nothing, which the format ':5' is not for")]
    public void Evaluate_OfWhatTheRequestLacks_NamesTheField(string template, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => FormatTemplate.Parse(template, FormatVocabulary.Request).Evaluate(Values)).Message);

    [Theory]
    [InlineData("{request.labels", "the '{' at character 1 is never closed; write '{{' for a brace")]
    [InlineData("a}", "the '}' at character 2 closes nothing; write '}}' for a brace")]
    [InlineData("ab {}", "no field '' at character 4 (fields here: ")]
    [InlineData("{request.tenant}", "no field 'request.tenant' at character 1 (did you mean 'request.tenant_name'?); write '{{' for a brace")]
    [InlineData("{request.tenant-name}", "no field 'request.tenant-name' at character 1 (did you mean 'request.tenant_name'?); write '{{' for a brace")]
    [InlineData("{request.labels[x]}", "a position from 0 on in a list of texts expected, found '[x]' in 'request.labels[x]'")]
    [InlineData("{request.labels[]}", "nothing is between the '[' and ']' before character 18")]
    [InlineData("{request.relative_priority[0]}", "'request.relative_priority[0]' looks into a number, where there is nothing to look for")]
    [InlineData("{request.id:d}", "the format ':d' of 'request.id' is one for numbers, that is a text")]
    [InlineData("{request.relative_priority!r:,}", "the format ':,' of 'request.relative_priority' is one for numbers, that is a number")]
    [InlineData("{request.id!x}", "one of !s, !r, !a expected, found '!x'")]
    [InlineData("{request.id:%Y}", "':%Y' is no format that is understood here: ")]
    [InlineData("{request.id:{request.id}}", "a '}' expected at character 13, found '{'")]
    public void TryParse_OfWhatIsNoTemplate_SaysWhere(string text, string message)
    {
        Assert.False(FormatTemplate.TryParse(text, FormatVocabulary.Request, out _, out var complaint));
        Assert.StartsWith(message, complaint.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfAnImageName_HasTheWholeSecond()
    {
        var template = FormatTemplate.Parse("{image_name}-{timestamp}-{upload_id}", FormatVocabulary.ImageName);

        Assert.Equal("deb-1700000000-0000000003", template.Evaluate(FormatVocabulary.ValuesOf("deb", "0000000003", DateTimeOffset.FromUnixTimeMilliseconds(1700000000999))));
    }

    [Fact]
    public void Equals_ComparesTextAndFields()
    {
        var one = FormatTemplate.Parse("a", FormatVocabulary.Request);

        Assert.Equal(FormatTemplate.Parse("a", FormatVocabulary.Request), one);
        Assert.NotEqual(FormatTemplate.Parse("b", FormatVocabulary.Request), one);
        Assert.NotEqual(FormatTemplate.Parse("a", FormatVocabulary.ImageName), one);
    }
}
