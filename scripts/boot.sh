#!/bin/sh
# boot.sh GUEST BUILD: makes the guest's disk if needed and boots it from
# firmware to a shell in this terminal. The disk is a private copy that keeps
# what is written in the guest. Ctrl-A X ends the emulator.
# SPDX-License-Identifier: MIT
set -e
src=$(cd "$(dirname "$0")/.." && pwd)
guest=$1 build=$2
case $guest in
amd64) exe=x86_64-softmmu/qemu-system-x86_64 machine=pc ;;
i386) exe=i386-softmmu/qemu-system-i386 machine=pc ;;
ppc) exe=ppc-softmmu/qemu-system-ppc machine=mac99 ;;
*) echo "boot: unknown GUEST '$guest' (known: amd64, i386, ppc)" >&2; exit 1 ;;
esac
out=$("$src/tests/guests/build-$guest.sh")
if [ ! -e "$out/boot.qcow2" ] || [ "$out/disk.qcow2" -nt "$out/boot.qcow2" ]; then
    cp "$out/disk.qcow2" "$out/boot.qcow2"
fi
exec "$build/$exe" -M $machine -m 256 -nographic -drive "file=$out/boot.qcow2,format=qcow2" -boot c
