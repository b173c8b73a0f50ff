#!/bin/sh
# Builds the Debian system for x86-64: see debian.sh. Prints the output directory.
# SPDX-License-Identifier: MIT
set -e
. "$(dirname "$0")/lib.sh"

arch=amd64
kernel_package=linux-image-amd64
. "$kit/debian.sh"
