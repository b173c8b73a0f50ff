#!/bin/sh
# Builds the 32-bit RISC-V guest from Debian packages: the kernel alone (vmlinux, Image);
# firmware and first process are tests/guest-riscv32's. Prints the output directory.
# Incremental: runs again only when its inputs changed.
# SPDX-License-Identifier: MIT
set -e
. "$(dirname "$0")/lib.sh"

cross=riscv64-linux-gnu-
out=$cache/riscv32
mkdir -p "$out"
exec 9> "$cache/.lock"
flock 9

"$kit/../../scripts/install-deps.sh" gcc-riscv64-linux-gnu bc flex bison xz-utils dpkg-dev debian-archive-keyring >&2

build_kernel() {
    fetch_linux
    obj=$cache/obj/linux-riscv32
    mkdir -p "$obj"
    export KBUILD_BUILD_USER=guest KBUILD_BUILD_HOST=guest KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026'
    b="make -s -C $cache/src/linux O=$obj ARCH=riscv CROSS_COMPILE=$cross"
    cp "$kit/kernel-riscv32.config" "$obj/.config"
    $b olddefconfig
    nice $b -j"$jobs" vmlinux Image
    cp "$obj/arch/riscv/boot/Image" "$out/Image"
    cp "$obj/vmlinux" "$out/vmlinux"
}

step riscv32-kernel "$out/vmlinux" "$(inputs_sum "$kit/kernel-riscv32.config")" build_kernel
echo "$out"
