namespace Nodepool.Providers.Local.Containers;

/// <summary>The shell script that makes a container node. Constant: everything that differs comes as an argument.</summary>
/// <remarks>
/// It runs twice. <c>start DIR NAME ADDRESS PORT RIGHTS GROUP…</c> records itself, joins the control groups and becomes unshare(1);
/// <c>init DIR NAME ADDRESS PORT RIGHTS</c> is process 1 of the new namespaces, lays the file system out and becomes sshd. RIGHTS is
/// <c>root</c>, or <c>user</c> for a start by an ordinary user in a user namespace. The directory holds <c>lower</c> (a link to the image's tree),
/// <c>upper</c>, <c>work</c> and <c>merged</c>; relative names keep every character of a path out of mount options.
/// </remarks>
internal static class ContainerScript
{
    /// <summary>The text, for a POSIX shell.</summary>
    public const string Text = """
        #!/bin/sh
        set -eu
        umask 022
        stage=$1 dir=$2 name=$3 address=$4 port=$5 rights=$6
        shift 6
        cd "$dir"

        # Writes number, start time and boot of this shell, as the host sees them, to the file $1. A stop that came first ends it.
        record() {
            file=$1
            read -r stat </proc/self/stat
            read -r boot </proc/sys/kernel/random/boot_id
            pid=${stat%% *}
            set -- ${stat##*") "}
            shift 19
            echo "$pid $1 $boot" >"$file.new"
            mv "$file.new" "$file"
            if [ -e stopped ]; then exit 0; fi
        }

        if [ "$stage" = start ]; then
            record outer
            for group; do
                echo 0 >"$group/cgroup.procs" || echo "nodepool: no limit from $group: cannot join it"
            done
            # A launcher that was started from a login hands its audit id down, and the node's own logins may not change it:
            # pam_loginuid would refuse them.
            if [ "$rights" = root ] && [ -e /proc/self/loginuid ]; then
                echo 4294967295 >/proc/self/loginuid || echo "nodepool: the login id of auditing cannot be reset (CAP_AUDIT_CONTROL); pam_loginuid may refuse logins"
            fi
            # What started this program may allow itself more open files than programs expect.
            ulimit -S -n 1024 || :
            set -- --mount --pid --uts --ipc --fork --kill-child --propagation private
            if [ "$rights" = user ]; then set -- --user --map-root-user --map-auto "$@"; fi
            exec unshare "$@" -- sh "$dir/init.sh" init "$dir" "$name" "$address" "$port" "$rights"
        fi

        record inner
        readonly="ro,nosuid,nodev,noexec"
        layers=lowerdir=lower,upperdir=upper,workdir=work,nodev
        if [ "$rights" = user ]; then layers=$layers,userxattr; fi
        # volatile: a node that lives once need not be written through to the disk. Kernels before 5.10 lack it.
        mount -t overlay -o "$layers,volatile" overlay merged 2>/dev/null || mount -t overlay -o "$layers" overlay merged
        hostname "$name"
        cd merged
        mkdir -p proc sys dev run tmp

        mount -t proc -o nosuid,nodev,noexec proc proc
        for path in sys irq bus fs sysrq-trigger; do
            if [ -e "proc/$path" ]; then mount -o "bind,$readonly" "proc/$path" "proc/$path"; fi
        done
        # Read-only here too: to chmod the mask would be to chmod the host's /dev/null.
        for path in kcore keys timer_list; do
            if [ -e "proc/$path" ]; then mount -o "bind,$readonly" /dev/null "proc/$path"; fi
        done

        # Never the host's /sys itself: its control groups would be writable inside.
        if [ "$rights" = root ]; then
            mount -t sysfs -o "$readonly" sysfs sys
        else
            mount -t tmpfs -o mode=755,nosuid,nodev,noexec,size=64k tmpfs sys
            for path in block bus class dev devices; do
                if [ -d "/sys/$path" ]; then mkdir "sys/$path"; mount -o "bind,$readonly" "/sys/$path" "sys/$path"; fi
            done
            mount -o "remount,$readonly,mode=755,size=64k" sys
        fi

        mount -t tmpfs -o mode=755,nosuid,size=1m tmpfs dev
        device() {
            if [ "$rights" = root ]; then
                mknod -m 666 "dev/$1" c "$2" "$3"
            else
                : >"dev/$1"
                mount -o bind "/dev/$1" "dev/$1"
            fi
        }
        device null 1 3
        device zero 1 5
        device full 1 7
        device random 1 8
        device urandom 1 9
        device tty 5 0
        mkdir dev/pts dev/shm
        mount -t devpts -o newinstance,nosuid,noexec,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
        mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
        ln -s pts/ptmx dev/ptmx
        ln -s /proc/self/fd dev/fd
        ln -s fd/0 dev/stdin
        ln -s fd/1 dev/stdout
        ln -s fd/2 dev/stderr

        mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
        mkdir run/sshd run/lock run/.host
        chmod 1777 run/lock
        pivot_root . run/.host
        # From here on programs are the image's, but for this one: small images lack it. The host's file system goes away for good.
        chroot run/.host umount -l /
        rmdir run/.host
        kept=+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+sys_chroot,+sys_ptrace,+audit_write,+setfcap
        exec setpriv --inh-caps=-all --bounding-set="-all,$kept" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            /usr/sbin/sshd -D -e -o "ListenAddress=$address" -o "Port=$port" -o PidFile=none

        """;
}
