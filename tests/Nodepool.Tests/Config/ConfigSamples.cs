using Nodepool.Core.Config.Reading;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Local;
using Nodepool.Providers.Scanning;
using Nodepool.Providers.Metastatic;
using Nodepool.Providers.Static;

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

    /// <summary>One provider of every driver that has no section shared with others, and the rarer keys at top level.</summary>
    public const string EveryDriver =
        """
        zookeeper-servers: [{host: zk1, port: 2281, chroot: /ci}, {host: '2001:db8::1'}]
        zookeeper-tls: {cert: cert.pem, key: key.pem, ca: ca.pem}
        zookeeper-timeout: 20.5
        tenant-resource-limits: [{tenant-name: t, max-servers: 5, max-ram: 4096, L-1: 3}]
        labels: [{name: vm}, {name: metal}, {name: small}, {name: box}, {name: far}, {name: big}, {name: tiny}]
        diskimages: [{name: debian}]
        providers:
          - name: host
            driver: local
            address-base: 127.77.0.0/24
            authorized-keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGUwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3 me]
            diskimages: [{name: debian}]
            pools:
              - name: main
                labels:
                  - {name: vm, diskimage: debian, kind: vm, memory: 384, vcpus: 2}
                  - {name: box, diskimage: debian, kind: container}
          - name: racks
            driver: static
            pools:
              - name: main
                nodes:
                  - name: 192.0.2.7
                    labels: metal small
                    username: ci
                    timeout: 3
                    host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGUwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3
                    max-parallel-jobs: 2
          - name: cloud
            driver: fake
            diskimages: [{name: debian}]
            pools:
              - name: main
                max-servers: 5
                labels:
                  - {name: small, diskimage: debian, min-ram: 1024}
          - name: acme
            cloud: acme
            region-name: one
            rate: 0.01
            image-name-format: '{image_name}-{upload_id}'
            diskimages: [{name: debian, config-drive: true, meta: {a: b}}]
            cloud-images: [{name: theirs, image-name: Their Image, username: ci}]
            pools:
              - name: main
                max-servers: 5
                max-volume-gb: 500
                networks: [n]
                availability-zones: [z]
                labels:
                  - {name: far, diskimage: debian, min-ram: 1024, flavor-name: m1, key-name: k, boot-from-volume: true, volume-size: 80}
                  - name: big
                    cloud-image: theirs
                    flavor-name: m1.xlarge
                    instance-properties: {a: b}
                    dynamic-instance-properties: {tenant: '{request.tenant_name}'}
          - name: slots
            driver: metastatic
            rate: 2
            pools:
              - name: main
                labels:
                  - {name: tiny, backing-label: big, max-parallel-jobs: 4, grace-time: 30, min-retention-time: 60, max-age: 3600}

        """;

    private static readonly SshNodeScanner Scanner = new(TimeProvider.System);

    /// <summary>A reader with the drivers of the product.</summary>
    public static NodepoolConfigReader RealDrivers { get; } = new([new LocalDriver(), new FakeDriver(), new StaticDriver(Scanner), new MetastaticDriver(), new OpenStackSchema(), .. ProviderSchemas.WithoutDriver], _ => null);

    public static NodepoolConfigReader Reader(Func<string, string?>? environment = null) =>
        new([new SampleDriver("local", "qcow2"), new SampleDriver("fake")], environment ?? (_ => null), "diskimage-builder", "mmdebstrap");

    public static ConfigResult Read(string text) => Reader().Read("np.yaml", "/etc/nodepool", text);

    /// <summary>The problems without file name, one per line.</summary>
    public static string[] Problems(string text) =>
        [.. Read(text).Problems.Select(problem => problem.ToString().Replace("np.yaml:", "", StringComparison.Ordinal))];
}
