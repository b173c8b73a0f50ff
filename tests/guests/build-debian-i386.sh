#!/bin/sh
# Builds the Debian system for 32-bit x86, with the kernel for machines without PAE: see debian.sh. Prints the output directory.
# SPDX-License-Identifier: MIT
set -e
. "$(dirname "$0")/lib.sh"

arch=i386
kernel_package=linux-image-686
. "$kit/debian.sh"
