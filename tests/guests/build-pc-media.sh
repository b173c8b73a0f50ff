#!/bin/sh
# More of the PC guests of pc.sh. For amd64 and i386: ARCH.iso, which boots by GRUB from a
# CD and, as a hybrid, from a disk; ARCH.initrd.gz, the initramfs with further modules (CD,
# USB storage, keyboards and pointers, floppy, input events); and memtest86+. Prints the output directory.
# SPDX-License-Identifier: MIT
set -e
. "$(dirname "$0")/lib.sh"

more_modules="sr_mod isofs usb-storage hid-generic evdev floppy nls_ascii vfat parport_pc lp"

"$kit/../../scripts/install-deps.sh" cpio gzip kmod xorriso grub-common >&2
media=$cache/pc-media
mkdir -p "$media"

# Two archives, one behind the other: the later one's list of modules counts.
build_initrd() {
    work=$(mktemp -d)
    kernel=$(echo "$guest"/kernel/lib/modules/*)
    mkdir -p "$work/lib/modules"
    cp "$guest/modules.list" "$work.list"
    for m in $more_modules; do
        grep "/$m\.ko: *" "$kernel/modules.dep" | tr -d : | tr ' ' '\n' | sed '/^$/d' | tac | sed "s|^|$kernel/|"
    done >> "$work.list"
    awk '!seen[$0]++' "$work.list" | while read -r module; do
        cp "$module" "$work/lib/modules"
        basename "$module" >> "$work/lib/modules/order"
    done
    find "$work" -exec touch -h -d @1767225600 {} +
    (cd "$work" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --reproducible --quiet) | gzip -9n |
        cat "$guest/initrd.gz" - > "$media/$arch.initrd.gz.new"
    mv "$media/$arch.initrd.gz.new" "$media/$arch.initrd.gz"
    rm -rf "$work" "$work.list"
}

build_iso() {
    work=$(mktemp -d)
    dpkg -x "$(fetch_deb grub-pc-bin:amd64)" "$work/grub"
    grub=$work/grub/usr/lib/grub/i386-pc
    mkdir -p "$work/cd/boot/grub"
    grub-mkimage -O i386-pc-eltorito -d "$grub" -p /boot/grub -o "$work/cd/boot/grub/eltorito.img" \
        biosdisk iso9660 part_msdos normal configfile linux echo ls cat test halt reboot serial terminal sleep
    cp "$guest/vmlinuz" "$media/$arch.initrd.gz" "$work/cd/boot"
    sed "s/ARCH/$arch/" "$kit/grub-cd.cfg" > "$work/cd/boot/grub/grub.cfg"
    xorriso -as mkisofs -quiet -r -V "GUEST_CD" -b boot/grub/eltorito.img -no-emul-boot -boot-load-size 4 \
        -boot-info-table --grub2-boot-info --grub2-mbr "$grub/boot_hybrid.img" -o "$media/$arch.iso.new" "$work/cd"
    mv "$media/$arch.iso.new" "$media/$arch.iso"
    rm -rf "$work"
}

build_memtest() {
    deb=$(fetch_deb memtest86+:amd64)
    dpkg --fsys-tarfile "$deb" | tar -xO ./boot/memtest86+ia32.bin > "$media/memtest-ia32.bin"
    dpkg --fsys-tarfile "$deb" | tar -xO ./usr/lib/memtest86+/memtest86+x64.iso > "$media/memtest-x64.iso"
}

inputs=$(inputs_sum "$kit/build-pc-media.sh" "$kit/lib.sh" "$kit/grub-cd.cfg")
for arch in amd64 i386; do
    guest=$("$kit/build-$arch.sh")
    (
        exec 9> "$cache/.lock"
        flock 9
        built=$(cat "$guest/initrd.gz.stamp")
        step "$arch-media-initrd" "$media/$arch.initrd.gz" "$inputs $built" build_initrd
        step "$arch-media-iso" "$media/$arch.iso" "$inputs $built" build_iso
    )
done
(
    exec 9> "$cache/.lock"
    flock 9
    step memtest "$media/memtest-x64.iso" "$inputs" build_memtest
)
echo "$media"
