using Nodepool.ImageTools;

namespace Nodepool.Tests.ImageTools;

public sealed class AptSourcesTests
{
    [Fact]
    public void Parse_OneLineFile_TakesEnabledBinaryArchives()
    {
        const string Text = """
            # deb http://old.example/debian bookworm main
            deb http://a.example/debian bookworm main contrib   # comment
            deb-src http://a.example/debian bookworm main
            deb	[ arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg ]  http://b.example/debian   bookworm-updates main
            deb [trusted=yes] http://c.example/debian bookworm main
            deb [signed-by=/etc/apt/keyrings/vendor.gpg] http://d.example/debian bookworm main
            deb http://broken.example/
            """;

        Assert.Equal(
            [
                new("http://a.example/debian", "bookworm", "main contrib", false),
                new("http://b.example/debian", "bookworm-updates", "main", false),
                new("http://c.example/debian", "bookworm", "main", true),
            ],
            AptSources.Parse("sources.list", Text));
    }

    [Fact]
    public void Parse_Stanzas_TakesEachSuiteOfEachAddress()
    {
        const string Text = """
            Types: deb deb-src
            # a comment inside
            URIs: http://a.example/debian
              http://b.example/debian
            Suites: bookworm bookworm-updates
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb
            URIs: http://off.example/debian
            Suites: bookworm
            Components: main
            Enabled: no

            Types: deb
            URIs: http://vendor.example/deb
            Suites: bookworm
            Components: main
            Signed-By: /usr/share/keyrings/vendor.gpg

            Types: deb
            URIs: http://c.example/debian
            Suites: bookworm-security
            Components: main
            Trusted: yes
            """;

        Assert.Equal(
            [
                "deb http://a.example/debian bookworm main", "deb http://a.example/debian bookworm-updates main",
                "deb http://b.example/debian bookworm main", "deb http://b.example/debian bookworm-updates main",
                "deb [trusted=yes] http://c.example/debian bookworm-security main",
            ],
            AptSources.Parse("debian.sources", Text).Select(source => source.ToString()));
    }

    [Fact]
    public void Parse_BackupFile_IsNotRead() => Assert.Empty(AptSources.Parse("debian.list.save", "deb http://a.example/debian bookworm main"));

    [Fact]
    public void Read_Directory_KeepsTheReleasesOwnArchivesOnce()
    {
        var root = Directory.CreateTempSubdirectory("nodepool-test-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "sources.list.d"));
            File.WriteAllText(Path.Combine(root, "sources.list"), "deb http://a.example/debian bookworm main\ndeb http://a.example/debian bookworm main\n");
            File.WriteAllText(Path.Combine(root, "sources.list.d", "more.list"), """
                deb http://a.example/debian trixie main
                deb http://a.example/debian bookworm-security main
                deb http://vendor.example/apt bookworm-vendor main
                deb http://vendor.example/apt bookworm stable
                deb http://vendor.example/node nodistro main
                """);

            Assert.Equal(
                ["deb http://a.example/debian bookworm main", "deb http://a.example/debian bookworm-security main"],
                AptSources.Read(root, "bookworm").Select(source => source.ToString()));
            Assert.Equal(["deb http://a.example/debian trixie main"], AptSources.Read(root, "trixie").Select(source => source.ToString()));
            Assert.Empty(AptSources.Read(root, "sid"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
