# The PC guests: Debian's kernel with the modules that the boards' devices need,
# Debian's static busybox, our benchmark programs; as kernel + initramfs, and as
# a disk with an MBR, GRUB and one ext4 partition. Sourced with arch,
# kernel_package, tools, CC, STRIP and bench_cflags set.
# Incremental: each step runs again only when its inputs changed.
# SPDX-License-Identifier: MIT

out=$cache/$arch
mkdir -p "$out"
exec 9> "$cache/.lock"
flock 9

# Loaded in this order, each after what it depends on.
modules="crc32c_generic ext4 virtio_pci sd_mod ata_piix ahci virtio_blk virtio_scsi virtio_net virtio-rng
    e1000 8139cp ne2k-pci pcnet32 psmouse uhci-hcd usbhid button"

"$kit/../../scripts/install-deps.sh" $tools cpio gzip xz-utils kmod e2fsprogs grub-common qemu-utils \
    debian-archive-keyring >&2

build_kernel() {
    image=$(dependency "$kernel_package:$arch" 'linux-image-[0-9].*')
    image=${image%:*}
    rm -rf "$out/kernel"
    mkdir -p "$out/kernel"
    dpkg --fsys-tarfile "$(fetch_deb "$image:$arch")" |
        tar -C "$out/kernel" -x --wildcards './boot/vmlinuz-*' './lib/modules/*'
    depmod -b "$out/kernel" "${image#linux-image-}"
    order_modules "$out/kernel/lib/modules/${image#linux-image-}" > "$out/modules.list"
    cp "$out"/kernel/boot/vmlinuz-* "$out/vmlinuz"
}

# order_modules FOLDER: the files to load, one a line. modules.dep has a
# module's dependencies in the reverse of the order that insmod needs.
order_modules() {
    for m in $modules; do
        grep "/$m\.ko: *" "$1/modules.dep" | tr -d : | tr ' ' '\n' | sed '/^$/d' | tac | sed "s|^|$1/|"
    done | awk '!seen[$0]++'
}

build_busybox() {
    dpkg --fsys-tarfile "$(fetch_deb "busybox-static:$arch")" | tar -xO ./bin/busybox > "$out/busybox"
    chmod 755 "$out/busybox"
    "$out/busybox" --list-full | grep -v '^bin/busybox$' > "$out/busybox.links"
}

# Debian's busybox looks for the script of udhcpc elsewhere than its authors do.
build_pc_root() {
    build_root
    mkdir -p "$out/root/etc/udhcpc"
    ln -s /usr/share/udhcpc/default.script "$out/root/etc/udhcpc/default.script"
}

# The kernel brings /dev/console itself. Here and below: emulators may have the old file
# open, so it is not written over.
build_initrd() {
    work=$(mktemp -d)
    cp -a "$out/root/." "$work"
    mkdir -p "$work/lib/modules"
    while read -r module; do
        cp "$module" "$work/lib/modules"
        basename "$module" >> "$work/lib/modules/order"
    done < "$out/modules.list"
    find "$work" -exec touch -h -d @1767225600 {} +
    (cd "$work" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --reproducible --quiet) | gzip -9n > "$out/initrd.gz.new"
    mv "$out/initrd.gz.new" "$out/initrd.gz"
    rm -rf "$work"
}

build_disk() {
    work=$(mktemp -d)
    dpkg -x "$(fetch_deb grub-pc-bin:amd64)" "$work/grub"
    grub=$work/grub/usr/lib/grub/i386-pc
    grub-mkimage -O i386-pc -d "$grub" -p '(hd0,msdos1)/boot/grub' -o "$work/core.img" \
        biosdisk part_msdos ext2 normal configfile linux echo ls cat test halt reboot serial terminal sleep
    cp -a "$out/root" "$work/root"
    mkdir -p "$work/root/boot/grub"
    cp "$out/vmlinuz" "$out/initrd.gz" "$work/root/boot"
    cp "$kit/grub-pc.cfg" "$work/root/boot/grub/grub.cfg"
    truncate -s 47M "$work/root.img"
    mke2fs -q -t ext4 -F -L root -O ^metadata_csum,^64bit -E root_owner=0:0 -d "$work/root" "$work/root.img"
    python3 "$kit/mbr.py" "$work/disk.img" "$grub/boot.img" "$work/core.img" "$work/root.img"
    qemu-img convert -c -O qcow2 "$work/disk.img" "$out/disk.qcow2.new"
    mv "$out/disk.qcow2.new" "$out/disk.qcow2"
    rm -rf "$work"
}

script=$(inputs_sum "$kit/pc.sh" "$kit/build-$arch.sh" "$kit/lib.sh")
bench=$(inputs_sum "$kit/bench" "$kit/build-$arch.sh" "$kit/lib.sh")
root="$bench $script $(inputs_sum "$kit/rootfs")"
step "$arch-kernel" "$out/vmlinuz" "$script" build_kernel
step "$arch-busybox" "$out/busybox" "$script" build_busybox
step "$arch-bench" "$out/bench" "$bench" build_bench
step "$arch-root" "$out/root.done" "$root" build_pc_root
step "$arch-initrd" "$out/initrd.gz" "$root" build_initrd
step "$arch-disk" "$out/disk.qcow2" "$root $(inputs_sum "$kit/grub-pc.cfg" "$kit/mbr.py")" build_disk
echo "$out"
