# A whole Debian system for the PC: debootstrap's smallest variant with systemd, a
# compiler, Python, OpenSSL and git, the distribution's kernel and initramfs, on a disk
# with an MBR, GRUB and one ext4 partition; beside it a small package repository to
# install from. Sourced with arch, kernel_package set. Log in as root, password guest.
# debootstrap runs programs of the new system in it, which takes root (or sudo).
# SPDX-License-Identifier: MIT

suite=bookworm
out=$cache/debian-$arch
mkdir -p "$out"
exec 8> "$cache/.lock-debian-$arch"
flock 8

include="systemd-sysv udev dbus libpam-systemd kmod netbase iproute2 procps $kernel_package initramfs-tools zstd
    gcc libc6-dev make python3 openssl git ca-certificates"
# What the repository offers: each with what it depends on beyond the disk's packages.
offered="hello libonig5 libjq1 jq bc"
disk_mb=2560

"$kit/../../scripts/install-deps.sh" debootstrap fdisk dpkg-dev e2fsprogs qemu-utils git debian-archive-keyring >&2
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

# The fetches share private_apt with the other guests, and their lock.
with_packages() (
    flock 9
    "$@"
) 9> "$cache/.lock"

mirror() {
    sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' "$cache/apt/etc/sources.list" | head -n 1
}

# bootstrap_root TREE
bootstrap_root() {
    mkdir -p "$cache/debs/debian-$arch"
    $sudo debootstrap --arch="$arch" --variant=minbase --cache-dir="$cache/debs/debian-$arch" \
        --include="$(echo $include | tr ' ' ,)" $suite "$1" "$(mirror)"
    $sudo chroot "$1" apt-get clean
    echo root:guest | $sudo chroot "$1" chpasswd
    # No work of its own in the background, and none that needs the Internet.
    $sudo chroot "$1" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer
    $sudo chroot "$1" systemctl -q enable systemd-networkd
    $sudo tee "$1/etc/hostname" > /dev/null <<END
debian-$arch
END
    $sudo tee "$1/etc/fstab" > /dev/null <<END
LABEL=root / ext4 errors=remount-ro 0 1
END
    $sudo tee "$1/etc/systemd/network/ether.network" > /dev/null <<END
[Match]
Type=ether

[Network]
DHCP=ipv4
END
    # A loaded host is slow, not broken.
    $sudo mkdir -p "$1/etc/systemd/system.conf.d"
    $sudo tee "$1/etc/systemd/system.conf.d/slow.conf" > /dev/null <<END
[Manager]
DefaultTimeoutStartSec=1800
DefaultDeviceTimeoutSec=1800
END
    $sudo rm -f "$1/etc/apt/sources.list"
    $sudo mkdir -p "$1/boot/grub"
    $sudo cp "$kit/grub-debian.cfg" "$1/boot/grub/grub.cfg"
}

# partition_disk IMAGE: an MBR with one partition from 1 MB, GRUB before it.
partition_disk() {
    dpkg -x "$(with_packages fetch_deb grub-pc-bin:amd64)" "$work/grub"
    grub=$work/grub/usr/lib/grub/i386-pc
    grub-mkimage -O i386-pc -d "$grub" -p '(hd0,msdos1)/boot/grub' -o "$work/core.img" \
        biosdisk part_msdos ext2 normal configfile linux serial terminal echo ls reboot halt
    truncate -s "${disk_mb}M" "$1"
    echo 'start=2048, type=83, bootable' | sfdisk -q "$1"
    dd if="$grub/boot.img" of="$1" bs=440 count=1 conv=notrunc status=none
    dd if="$work/core.img" of="$1" bs=512 seek=1 conv=notrunc status=none
}

build_debian() {
    work=$(mktemp -d -p "$cache")
    with_packages private_apt true
    bootstrap_root "$work/root"
    partition_disk "$work/disk.img"
    $sudo mke2fs -q -t ext4 -F -L root -O ^metadata_csum,^64bit,^orphan_file -E offset=1048576 \
        -d "$work/root" "$work/disk.img" "$((disk_mb - 1))M"
    qemu-img convert -O qcow2 "$work/disk.img" "$out/disk.qcow2.new"
    mv "$out/disk.qcow2.new" "$out/disk.qcow2"
    $sudo rm -rf "$work"
}

build_repository() {
    rm -rf "$out/repository"
    mkdir -p "$out/repository"
    for package in $offered; do
        cp "$(with_packages fetch_deb "$package:$arch")" "$out/repository"
    done
    (cd "$out/repository" && dpkg-scanpackages -a "$arch" . > Packages)
}

script=$(inputs_sum "$kit/debian.sh" "$kit/build-debian-$arch.sh" "$kit/lib.sh")
step "debian-$arch" "$out/disk.qcow2" "$script $(inputs_sum "$kit/grub-debian.cfg")" build_debian
step "debian-$arch-repository" "$out/repository/Packages" "$script" build_repository
echo "$out"
