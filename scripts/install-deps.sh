#!/bin/sh
# Installs the Debian packages that building, booting and testing need, those
# of the test guests included; asks apt only when one is missing.
# SPDX-License-Identifier: MIT
set -e
packages="gcc make pkg-config python3 libglib2.0-dev zlib1g-dev libfdt-dev libcapstone-dev
    libpixman-1-dev libsdl2-dev libpng-dev libncurses-dev libslirp-dev libjansson-dev libseccomp-dev libmpfr-dev
    qemu-system-data seabios
    qemu-utils xorriso ipxe-qemu gdb gdb-multiarch gcc-powerpc-linux-gnu libc6-dev-powerpc-cross gcc-i686-linux-gnu
    gcc-riscv64-linux-gnu
    libc6-dev-i386-cross
    bc flex bison cpio gzip xz-utils bzip2 dpkg-dev kmod e2fsprogs hfsutils grub-common debian-archive-keyring"
# One at a time: guests are built beside each other.
exec 7< "$0"
flock 7
installed=$(dpkg-query -W -f='${Package}=${db:Status-Status}\n' $packages "$@" 2>/dev/null || true)
missing=
for p in $packages "$@"; do
    echo "$installed" | grep -qxF "$p=installed" || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "Installing:$missing"
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q update
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing
