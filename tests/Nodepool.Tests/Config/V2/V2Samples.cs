using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config.V2;

/// <summary>Files of the form before Nodepool 3.</summary>
internal static class V2Samples
{
    /// <summary>Every key of the form that still means something, and some that do not.</summary>
    public const string Usual =
        """
        elements-dir: /etc/nodepool/elements
        images-dir: /opt/nodepool_dib
        script-dir: scripts
        dburi: 'mysql+pymysql://root:hunter2@localhost/nodepool'
        cron:
          cleanup: '*/1 * * * *'
          check: '*/15 * * * *'
        zmq-publishers:
          - tcp://zl01.example.org:8888
        gearman-servers:
          - host: zuul.example.org
        zookeeper-servers:
          - host: zk.example.org
        labels:
          - name: trusty
            image: trusty
            ready-script: mirror.sh
            min-ready: 3
            providers:
              - name: one
              - name: two
          - name: trusty-2-node
            image: trusty
            subnodes: 1
            providers:
              - name: one
        providers:
          - name: one
            region-name: DFW
            cloud: rax
            api-timeout: 60
            boot-timeout: 120
            max-servers: 10
            rate: 0.001
            image-type: vhd
            template-hostname: '{image.name}-{provider.name}-{timestamp}'
            networks:
              - net-label: private
              - name: public
                public: true
            availability-zones: [az1, az2]
            images:
              - name: trusty
                min-ram: 8192
                name-filter: Performance
                username: ubuntu
                private-key: /home/nodepool/.ssh/id_rsa
                key-name: root-keys
                config-drive: false
                pause: true
                meta:
                  vm_mode: hvm
          - name: two
            username: admin
            password: hunter2
            auth-url: http://192.0.2.1:5000/v2.0
            project-name: demo
            max-servers: -1
            images:
              - name: trusty
                min-ram: 2048
                username: ubuntu
        targets:
          - name: jenkins1
            hostname: '{label.name}-{node_id}.slave.example.org'
            jenkins:
              url: https://jenkins1.example.org/
              user: nodepool
              apikey: hunter2
              credentials-id: 385cc5e6
        diskimages:
          - name: trusty
            elements: [ubuntu-minimal, vm]
            release: trusty
            rebuild-age: 3600
            env-vars:
              TMPDIR: /opt/dib_tmp

        """;

    /// <summary>The same in the present form, written by hand.</summary>
    public const string UsualInPresentForm =
        """
        elements-dir: /etc/nodepool/elements
        images-dir: /opt/nodepool_dib
        job-events: {publishers: ['tcp://zl01.example.org:8888'], node-names: ['{label.name}-{node_id}.slave.example.org']}
        zookeeper-servers: [{host: zk.example.org, port: 2181}]
        labels:
          - {name: trusty, min-ready: 3}
          - {name: trusty-2-node, min-ready: 2}
        diskimages:
          - name: trusty
            username: ubuntu
            elements: [ubuntu-minimal, vm]
            release: trusty
            rebuild-age: 3600
            env-vars: {TMPDIR: /opt/dib_tmp}
        providers:
          - name: one
            region-name: DFW
            cloud: rax
            boot-timeout: 120
            rate: 0.001
            image-format: vhd
            image-name-format: '{image_name}-one-{timestamp}'
            diskimages: [{name: trusty, config-drive: false, pause: true, meta: {vm_mode: hvm}}]
            pools:
              - name: main
                max-servers: 10
                availability-zones: [az1, az2]
                networks: [private, public]
                labels:
                  - {name: trusty, diskimage: trusty, min-ram: 8192, flavor-name: Performance, key-name: root-keys}
                  - {name: trusty-2-node, diskimage: trusty, min-ram: 8192, flavor-name: Performance, key-name: root-keys}
          - name: two
            cloud: two
            image-name-format: 'template-{image_name}-{timestamp}'
            diskimages: [{name: trusty, config-drive: true}]
            pools:
              - name: main
                max-servers: -1
                labels:
                  - {name: trusty, diskimage: trusty, min-ram: 2048}

        """;

    public static ConfigResult Read(string text) => ConfigSamples.RealDrivers.Read("np.yaml", "/etc/nodepool", text);

    /// <summary>The problems without file name.</summary>
    public static string[] Problems(string text) =>
        [.. Read(text).Problems.Select(problem => problem.ToString().Replace("np.yaml:", "", StringComparison.Ordinal))];
}
