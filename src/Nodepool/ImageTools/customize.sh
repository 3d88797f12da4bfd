#!/bin/sh
# Last step of an image build: makes a plain Debian tree into a node that is quick to log in to.
# Runs outside the tree (inside mmdebstrap's user namespace when it is not root); $1 is the tree.
set -eu
tree=$1
user=${NODEPOOL_USERNAME:-zuul}
units=$tree/etc/systemd/system

write() { mkdir -p "$(dirname "$tree$1")"; cat >"$tree$1"; }
mask() { for unit in "$@"; do ln -sf /dev/null "$units/$unit"; done; }
drop_in() { mkdir -p "$units/$1.service.d"; printf '%s\n' "$3" "$4" >"$units/$1.service.d/$2.conf"; }

# --- login user ---
if ! chroot "$tree" id -u "$user" >/dev/null 2>&1; then
    chroot "$tree" useradd --create-home --shell /bin/bash --user-group "$user"
fi
printf '%s ALL=(ALL) NOPASSWD:ALL\n' "$user" >"$tree/etc/sudoers.d/$user"
chmod 0440 "$tree/etc/sudoers.d/$user"

# --- no identity in the image: host keys, machine id and names come with each node ---
rm -f "$tree"/etc/ssh/ssh_host_* "$tree/var/lib/dbus/machine-id"
: >"$tree/etc/machine-id"
: >"$tree/etc/fstab"
printf 'localhost\n' >"$tree/etc/hostname"
printf '127.0.0.1 localhost\n' >"$tree/etc/hosts"
write /etc/ssh/sshd_config.d/00-node.conf <<'EOF'
UseDNS no
PasswordAuthentication no
PermitRootLogin prohibit-password
HostKey /etc/ssh/ssh_host_ed25519_key
EOF

# --- network: DHCP on anything wired; the id from the address, since the machine id is new in each node ---
write /etc/systemd/network/80-dhcp.network <<'EOF'
[Match]
Type=ether
[Network]
DHCP=ipv4
LinkLocalAddressing=no
IPv6AcceptRA=no
[DHCPv4]
ClientIdentifier=mac
EOF
mkdir -p "$units/multi-user.target.wants" "$units/sysinit.target.wants" "$tree/etc/systemd/system-generators" "$tree/etc/tmpfiles.d"
ln -sf /usr/lib/systemd/system/systemd-networkd.service "$units/multi-user.target.wants/systemd-networkd.service"
ln -sf /usr/lib/systemd/system/multi-user.target "$units/default.target"

# --- quick boot: what a machine that lives for one job does without ---
mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-tmpfiles-clean.timer
mask getty@tty1.service getty.target rescue.service emergency.service systemd-logind.service dbus-org.freedesktop.login1.service systemd-user-sessions.service
mask systemd-networkd-wait-online.service systemd-networkd.socket systemd-network-generator.service systemd-timesyncd.service
mask systemd-pstore.service systemd-binfmt.service systemd-random-seed.service systemd-update-utmp.service systemd-update-utmp-runlevel.service
mask systemd-journal-flush.service systemd-journal-catalog-update.service systemd-journald-audit.socket systemd-update-done.service systemd-hwdb-update.service
mask ldconfig.service systemd-machine-id-commit.service systemd-firstboot.service systemd-sysusers.service systemd-modules-load.service
mask systemd-remount-fs.service systemd-initctl.socket remote-fs.target cryptsetup.target integritysetup.target veritysetup.target kmod-static-nodes.service
mask systemd-ask-password-console.path systemd-ask-password-wall.path
mask proc-sys-fs-binfmt_misc.automount dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount
mask modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service
for generator in "$tree"/usr/lib/systemd/system-generators/*; do
    ln -sf /dev/null "$tree/etc/systemd/system-generators/${generator##*/}"
done
# Without this, users other than root are refused until the boot has ended.
ln -sf /dev/null "$tree/etc/tmpfiles.d/systemd-nologin.conf"

# --- sshd as early as systemd can start anything: network, host key and users are there before it ---
rm -f "$units/sshd.service" "$units/multi-user.target.wants/ssh.service"
write /etc/systemd/system/ssh.service <<'EOF'
[Unit]
Description=OpenSSH server (early)
DefaultDependencies=no
Conflicts=shutdown.target
Before=shutdown.target
[Service]
ExecStart=/usr/sbin/sshd -D
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=always
RestartSec=200ms
StandardOutput=null
StandardError=null
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755
[Install]
WantedBy=sysinit.target
EOF
ln -sf /etc/systemd/system/ssh.service "$units/sysinit.target.wants/ssh.service"
for unit in systemd-udev-trigger systemd-tmpfiles-setup systemd-tmpfiles-setup-dev systemd-sysctl systemd-networkd dbus; do
    drop_in "$unit" 10-later '[Unit]' 'After=ssh.service'
done
for unit in systemd-udevd systemd-udev-trigger systemd-journald systemd-networkd dbus systemd-tmpfiles-setup systemd-tmpfiles-setup-dev systemd-sysctl; do
    drop_in "$unit" 20-nice '[Service]' 'Nice=10'
done

# --- size ---
rm -rf "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/*.bin "$tree"/var/log/*.log "$tree/var/log/apt"
mkdir -p "$tree/var/lib/apt/lists/partial"
