using System.Text;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Legacy;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config.V2;

/// <summary>The secure file that stood beside a v2 file.</summary>
public sealed class LegacySecureFileTests
{
    [Fact]
    public void Read_SecureFileOfThatTime_WinsOverTheFileAndIsShownNowhere()
    {
        var result = Read(
            """
            # made by puppet
            [database]
            dburi: mysql+pymysql://root:hunter2@localhost/nodepool

            [jenkins "jenkins1"]
            url = https://other.example.org/
            user=ci
            apikey = hunter2
            Credentials = abc
              def
            """,
            V2Samples.Usual);

        var legacy = result.Config!.Legacy!;
        Assert.Equal("mysql+pymysql://root:hunter2@localhost/nodepool", legacy.DatabaseUri!.Reveal());
        Assert.Equal(
            new LegacyJenkins { Url = "https://other.example.org/", User = "ci", ApiKey = new Secret("hunter2"), CredentialsId = "abc\ndef" },
            Assert.Single(legacy.Targets).Jenkins);
        Assert.Equal(
            [
                "secure.conf:3:8: warning: database.dburi: 'dburi' has no meaning any more: nodes are kept in the store, not in an SQL database",
                "secure.conf:5:1: warning: jenkins \"jenkins1\": the account of 'jenkins1' has no meaning any more: nodes are given to who asks for them",
            ],
            OfSecure(result));
        Assert.DoesNotContain(result.Problems, problem => problem.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[database]\nuri = hunter2", "2:7: warning: database.uri: unknown key 'uri'; it is ignored, as the daemons of that time did")]
    [InlineData("[jenkins \"gone\"]\nurl = x", "1:1: warning: jenkins \"gone\": np.yaml has no target 'gone'; the section is ignored")]
    [InlineData("[zuul]\nurl = x", "1:1: warning: zuul: unknown section 'zuul'; it is ignored, as the daemons of that time did")]
    [InlineData("[zuul]\nhunter2", "2:1: error: a '[section]' line or 'key = value' expected; this is a secure file of the form before Nodepool 3")]
    public void Read_DoubtfulSecureFile_IsReportedWithItsOwnPlace(string secure, string expected) =>
        Assert.Equal(["secure.conf:" + expected], OfSecure(Read(secure, V2Samples.Usual)));

    [Fact]
    public void Read_BesideAFileOfThePresentForm_MeansNothing()
    {
        var result = Read("[database]\ndburi = hunter2", V2Samples.UsualInPresentForm);

        Assert.Null(result.Config!.Legacy);
        Assert.Equal(
            ["secure.conf:1:1: warning: this is a secure file of the form before Nodepool 3, but np.yaml has the present form: nothing of it has any meaning; leave -s away"],
            OfSecure(result));
    }

    private static string[] OfSecure(ConfigResult result) =>
        [.. result.Problems.Where(problem => problem.File == "secure.conf").Select(problem => problem.ToString())];

    private static ConfigResult Read(string secure, string main)
    {
        var reader = ConfigSamples.RealDrivers;
        return reader.Read("np.yaml", "/etc/nodepool", Encoding.UTF8.GetBytes(main), reader.ReadSecure("secure.conf", "/etc/nodepool", Encoding.UTF8.GetBytes(secure)));
    }
}
