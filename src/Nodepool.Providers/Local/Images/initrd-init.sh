#!/bin/busybox sh
# The first program of a node's virtual machine: loads what the root file system needs, lays the node's own files over it,
# sets the address and hands over. What goes wrong is on the console; the machine then ends, which its driver sees.
b=/bin/busybox
$b mount -t devtmpfs dev /dev
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys

if $b grep -qw node.trial /proc/cmdline; then
    echo 'node: alive' >/dev/console
    $b poweroff -f
fi

fail() {
    echo "node: $1" >/dev/console
    $b reboot -f
}

while read -r module; do
    $b insmod "/lib/modules/$module" || echo "node: the kernel does not take the module $module" >/dev/console
done </lib/modules/order

tries=0
while [ ! -b /dev/vda ]; do
    tries=$((tries + 1))
    [ $tries -gt 1000 ] && fail 'the disk did not appear within 20 s; the image lacks the module virtio_blk for its kernel'
    $b usleep 20000
done

$b mount -t ext4 -o rw,noatime /dev/vda /newroot || fail 'the disk holds no ext4 file system that this kernel can mount'
$b cp -a /seed/. /newroot/ || fail 'the files of the node could not be written; the file system of the image is full'

$b ip link set lo up
if [ -s /seed/etc/node-ip ]; then
    read -r address gateway </seed/etc/node-ip
    { $b ip link set eth0 up && $b ip addr add "$address" dev eth0 && $b ip route add default via "$gateway"; } ||
        fail 'there is no network device; the image lacks the module virtio_net for its kernel'
fi

[ -x /newroot/sbin/init ] || [ -L /newroot/sbin/init ] || fail 'the image has no /sbin/init'
echo 'node: network up' >/dev/console
$b umount /proc
$b mount --move /sys /newroot/sys
$b mount --move /dev /newroot/dev
exec $b switch_root /newroot /sbin/init
