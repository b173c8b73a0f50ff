#!/bin/sh
# Builds the 32-bit PowerPC guest from Debian packages: kernel, initramfs, and
# a disk that the firmware boots through GRUB. Prints the output directory.
# Incremental: each step runs again only when its inputs changed.
# SPDX-License-Identifier: MIT
set -e
. "$(dirname "$0")/lib.sh"

cross=powerpc-linux-gnu-
CC=${cross}gcc STRIP=${cross}strip bench_cflags=
out=$cache/ppc
mkdir -p "$out"
exec 9> "$cache/.lock"
flock 9

"$kit/../../scripts/install-deps.sh" gcc-powerpc-linux-gnu libc6-dev-powerpc-cross binutils-powerpc-linux-gnu \
    bc flex bison cpio gzip xz-utils bzip2 dpkg-dev e2fsprogs hfsutils grub-common qemu-utils \
    debian-archive-keyring >&2

build_kernel() {
    fetch_linux
    obj=$cache/obj/linux-ppc
    mkdir -p "$obj"
    cat "$kit/kernel-common.config" "$kit/kernel-ppc.config" > "$obj/fragment"
    export KBUILD_BUILD_USER=guest KBUILD_BUILD_HOST=guest KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026'
    make -s -C "$cache/src/linux" O="$obj" ARCH=powerpc CROSS_COMPILE=$cross \
        KCONFIG_ALLCONFIG="$obj/fragment" allnoconfig
    nice make -s -j"$jobs" -C "$cache/src/linux" O="$obj" ARCH=powerpc CROSS_COMPILE=$cross vmlinux
    ${cross}strip -o "$out/vmlinux" "$obj/vmlinux"
    cp "$obj/usr/gen_init_cpio" "$cache/gen_init_cpio"
}

build_busybox() {
    fetch_source busybox
    obj=$cache/obj/busybox-ppc
    mkdir -p "$obj"
    b="make -s -C $cache/src/busybox O=$obj CROSS_COMPILE=$cross"
    $b defconfig
    while read -r line; do
        key=$(echo "$line" | sed 's/^# //; s/[= ].*//')
        sed -i "/^$key=/d; /^# $key is not set/d" "$obj/.config"
        echo "$line" >> "$obj/.config"
    done < "$kit/busybox.config"
    yes '' | $b oldconfig
    nice $b -j"$jobs" busybox busybox.links
    ${cross}strip -o "$out/busybox" "$obj/busybox"
    cp "$obj/busybox.links" "$out/busybox.links"
}

# Here and below: emulators may have the old file open, so it is not written over.
build_initrd() {
    list=$out/initrd.list
    {
        echo "dir /dev 0755 0 0"
        echo "nod /dev/console 0600 0 0 c 5 1"
        (cd "$out/root" && find . -mindepth 1 ! -path './dev*' ! -path './boot*' | LC_ALL=C sort) |
            sed 's/^\.//' | while read -r f; do
            p=$out/root$f
            if [ -L "$p" ]; then echo "slink $f $(readlink "$p") 0777 0 0"
            elif [ -d "$p" ]; then echo "dir $f 0$(stat -c %a "$p") 0 0"
            else echo "file $f $p 0$(stat -c %a "$p") 0 0"; fi
        done
    } > "$list"
    "$cache/gen_init_cpio" -t 1767225600 "$list" | gzip -9n > "$out/initrd.gz.new"
    mv "$out/initrd.gz.new" "$out/initrd.gz"
}

# Partition 2: HFS with GRUB as the blessed boot file; partition 3: ext2 root.
build_disk() {
    work=$(mktemp -d)
    dpkg -x "$(fetch_deb grub-ieee1275-bin:ppc64el)" "$work/grub"
    cp "$kit/grub-early-ppc.cfg" "$work/early.cfg"
    grub-mkimage -O powerpc-ieee1275 -d "$work/grub/usr/lib/grub/powerpc-ieee1275" -p /boot/grub \
        -c "$work/early.cfg" -o "$work/grub.elf" \
        part_apple hfs ext2 normal configfile search search_fs_file linux echo boot ls cat test halt reboot sleep
    truncate -s 4M "$work/hfs.img"
    HOME=$work
    export HOME
    hformat -l BOOT "$work/hfs.img"
    hmount "$work/hfs.img"
    hmkdir :boot
    hcopy -r "$kit/ofboot.b" :boot:ofboot.b
    hcopy -r "$work/grub.elf" :boot:grub.elf
    hattrib -t tbxi -c UNIX :boot:ofboot.b
    hattrib -t boot -c UNIX :boot:grub.elf
    hattrib -b :boot
    humount
    cp -a "$out/root" "$work/root"
    mkdir -p "$work/root/boot/grub"
    cp "$out/vmlinux" "$work/root/boot/vmlinux"
    cp "$kit/grub-ppc.cfg" "$work/root/boot/grub/grub.cfg"
    truncate -s 56M "$work/root.img"
    mke2fs -q -t ext2 -F -L root -E root_owner=0:0 -d "$work/root" "$work/root.img"
    python3 "$kit/apm.py" "$work/disk.img" "bootstrap:Apple_HFS:$work/hfs.img:boot" "root:Apple_UNIX_SVR2:$work/root.img"
    qemu-img convert -c -O qcow2 "$work/disk.img" "$out/disk.qcow2.new"
    mv "$out/disk.qcow2.new" "$out/disk.qcow2"
    rm -rf "$work"
}

kernel=$(inputs_sum "$kit/kernel-common.config" "$kit/kernel-ppc.config" "$kit/lib.sh")
busybox=$(inputs_sum "$kit/busybox.config" "$kit/lib.sh")
bench=$(inputs_sum "$kit/bench" "$kit/lib.sh")
root=$(inputs_sum "$kit/rootfs" "$kit/lib.sh")
step ppc-kernel "$out/vmlinux" "$kernel" build_kernel
step ppc-busybox "$out/busybox" "$busybox" build_busybox
step ppc-bench "$out/bench" "$bench" build_bench
step ppc-root "$out/root.done" "$busybox $bench $root" build_root
step ppc-initrd "$out/initrd.gz" "$busybox $bench $root" build_initrd
step ppc-disk "$out/disk.qcow2" "$kernel $busybox $bench $root $(inputs_sum "$kit/grub-ppc.cfg" "$kit/apm.py")" build_disk
echo "$out"
