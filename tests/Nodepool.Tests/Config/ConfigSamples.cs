using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

/// <summary>Configurations and readers that several tests use.</summary>
internal static class ConfigSamples
{
    /// <summary>What <c>dev up</c> starts with.</summary>
    public const string OneHost =
        """
        state-dir: .
        images-dir: images
        build-log-dir: log/builds
        labels:
          - name: debian-vm
            min-ready: 1
          - name: debian-container
            min-ready: 1
        diskimages:
          - name: debian
            image-tool: mmdebstrap
            release: bookworm
        providers:
          - name: this-host
            driver: local
            diskimages:
              - name: debian
            pools:
              - name: main
                max-servers: 4
                max-ram: 2048
                labels:
                  - name: debian-vm
                    diskimage: debian
                    kind: vm
                    memory: 384
                    vcpus: 1
                  - name: debian-container
                    diskimage: debian
                    kind: container
                    memory: 256

        """;

    /// <summary>Anchors, merges, inheritance and an unknown driver, as grown configurations have them.</summary>
    public const string Grown =
        """
        # Ünïcode in a comment
        images-dir: /srv/images
        webapp: {port: 8006, listen_address: 0.0.0.0}
        max-hold-age: 86_400
        labels:
          - &quiet {name: small, min-ready: 0, max-ready-age: 1:00:00}
          - <<: *quiet
            name: large
          - name: far
        diskimages:
          - name: base
            abstract: yes
            elements: [vm, simple-init]
            env-vars: &env
              TMPDIR: /srv/tmp
              DIB_SHOW_IMAGE_USAGE: '1'
            rebuild-age: 3600
            metadata: {os: linux}
          - name: jammy
            parent: base
            elements: [ubuntu-minimal]
            release: 22.04
            pause: on
            env-vars:
              <<: *env
              TMPDIR: /srv/other
        providers:
          - name: here
            driver: local
            launch-timeout: 10:00
            diskimages: &images
              - name: jammy
            pools:
              - name: main
                max-servers: 0x10
                node-attributes: {executor-zone: eu}
                labels:
                  - {name: small, diskimage: jammy, memory: 128}
                  - {name: large, diskimage: jammy, vcpus: 8}
          - name: cloud
            cloud: acme
            diskimages: *images
            pools:
              - name: main
                labels:
                  - {name: far, diskimage: jammy, flavor-name: big}

        """;

    public static NodepoolConfigReader Reader(Func<string, string?>? environment = null) =>
        new([new SampleDriver("local", "qcow2"), new SampleDriver("fake")], environment ?? (_ => null), "diskimage-builder", "mmdebstrap");

    public static ConfigResult Read(string text) => Reader().Read("np.yaml", "/etc/nodepool", text);

    /// <summary>The problems without file name, one per line.</summary>
    public static string[] Problems(string text) =>
        [.. Read(text).Problems.Select(problem => problem.ToString().Replace("np.yaml:", "", StringComparison.Ordinal))];
}
