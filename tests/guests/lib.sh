# Shared by the guest builders: the cache, fetching Debian packages, stamps.
# SPDX-License-Identifier: MIT

kit=$(cd "$(dirname "$0")" && pwd)
cache=${QEMU_GUEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/qemu-guests}
jobs=${JOBS:-$(nproc)}
mkdir -p "$cache"
# Called from make: its options are not meant for the guests' build systems.
unset MAKEFLAGS MFLAGS MAKELEVEL
# mke2fs and depmod are not on an ordinary user's path.
PATH=$PATH:/usr/sbin:/sbin

say() { echo "guests: $*" >&2; }

# A private apt configuration: sources and foreign packages, without touching
# the machine's own. Uses the machine's mirror.
private_apt() {
    a=$cache/apt architectures=amd64,i386,ppc64el
    if [ "$(cat "$a/ready" 2>/dev/null)" != $architectures ]; then
        mkdir -p "$a/lists/partial" "$a/cache/archives/partial" "$a/etc/apt.conf.d" "$a/etc/preferences.d"
        mirror=$(sed -n 's/^URIs: *\([^ ]*debian\.org\/debian\|[^ ]*\/debian\)\/* *$/\1/p;s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\/debian\)\/* bookworm main.*/\2/p' \
            /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null | head -n 1)
        key=/usr/share/keyrings/debian-archive-keyring.gpg
        {
            echo "deb [signed-by=$key arch=$architectures] ${mirror:-http://deb.debian.org/debian} bookworm main"
            echo "deb-src [signed-by=$key] ${mirror:-http://deb.debian.org/debian} bookworm main"
        } > "$a/etc/sources.list"
        cat > "$a/apt.conf" <<EOF
Dir::Etc::SourceList "$a/etc/sources.list";
Dir::Etc::SourceParts "$a/none";
Dir::State::Lists "$a/lists";
Dir::Cache "$a/cache";
APT::Architectures "$architectures";
APT::Sandbox::User "root";
Acquire::Languages "none";
EOF
        # The machine's proxy settings stay in force; only lists and sources are ours.
        APT_CONFIG="$a/apt.conf" apt-get -q -q update
        echo $architectures > "$a/ready"
    fi
    APT_CONFIG="$a/apt.conf" "$@"
}

# fetch_deb PACKAGE[:ARCH]: prints the path of the downloaded .deb
fetch_deb() {
    name=$(echo "$1" | tr : _)
    if ! ls "$cache/debs/$name"/*.deb >/dev/null 2>&1; then
        mkdir -p "$cache/debs/$name"
        (cd "$cache/debs/$name" && private_apt apt-get -q -q download "$1" >&2)
    fi
    ls "$cache/debs/$name"/*.deb
}

# dependency PACKAGE[:ARCH] PATTERN: the first dependency of the package whose name matches
dependency() {
    private_apt apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)\$/\1/p" | head -n 1
}

# fetch_source PACKAGE: unpacks the source package to $cache/src/PACKAGE
fetch_source() {
    if [ ! -e "$cache/src/$1/.done" ]; then
        rm -rf "$cache/src/$1" "$cache/src/$1.dl"
        mkdir -p "$cache/src/$1.dl"
        (cd "$cache/src/$1.dl" && private_apt apt-get -q -q source --download-only "$1" >&2 &&
            dpkg-source --no-check -x "$1"_*.dsc ../"$1" >&2)
        rm -rf "$cache/src/$1.dl"
        touch "$cache/src/$1/.done"
    fi
}

# fetch_linux: unpacks the kernel source package to $cache/src/linux
fetch_linux() {
    if [ ! -e "$cache/src/linux/.done" ]; then
        deb=$(fetch_deb linux-source-6.1)
        rm -rf "$cache/src/linux" "$cache/src/linux.deb"
        mkdir -p "$cache/src/linux" "$cache/src/linux.deb"
        dpkg -x "$deb" "$cache/src/linux.deb"
        tar -C "$cache/src/linux" --strip-components=1 -xf "$cache/src/linux.deb"/usr/src/linux-source-6.1.tar.xz
        rm -rf "$cache/src/linux.deb"
        touch "$cache/src/linux/.done"
    fi
}

# build_bench: with the compiler $CC and the options $bench_cflags
build_bench() {
    $CC -std=gnu11 -O2 -fno-tree-vectorize -ffp-contract=off $bench_cflags -Wall -Wextra -static \
        -o "$out/bench" "$kit"/bench/*.c -lm
    $STRIP "$out/bench"
    printf "#define BENCH(name, work) name\n" | cat - "$kit/bench/list.h" | $CC -E -P - > "$out/bench.list"
}

# build_root: from $out/busybox, busybox.links (one path for each applet), bench and bench.list
build_root() {
    tree=$out/root
    rm -rf "$tree"
    for d in bin sbin usr/bin usr/sbin etc proc sys dev tmp mnt root bench boot usr/share/udhcpc; do
        mkdir -p "$tree/$d"
    done
    chmod 1777 "$tree/tmp"
    cp "$out/busybox" "$tree/bin/busybox"
    while read -r link; do
        mkdir -p "$tree/$(dirname "$link")"
        ln -sf /bin/busybox "$tree/$link"
    done < "$out/busybox.links"
    cp "$kit/rootfs/init" "$tree/init"
    ln -sf ../init "$tree/sbin/init"
    cp "$kit/rootfs/udhcpc" "$tree/usr/share/udhcpc/default.script"
    echo 'root:x:0:0:root:/root:/bin/sh' > "$tree/etc/passwd"
    echo 'root:x:0:' > "$tree/etc/group"
    cp "$out/bench" "$tree/bench/bench"
    cp "$kit/rootfs/run-all" "$tree/bench/run-all"
    while read -r b; do ln -sf bench "$tree/bench/$b"; done < "$out/bench.list"
    touch "$out/root.done"
}

# inputs_sum FILE...: one checksum over names and contents
inputs_sum() {
    for f; do
        if [ -d "$f" ]; then find "$f" -type f | LC_ALL=C sort; else echo "$f"; fi
    done | while read -r f; do sha256sum < "$f"; echo "${f#"$kit"/}"; done | sha256sum | cut -d' ' -f1
}

# step NAME OUTPUT SUM COMMAND...: runs COMMAND unless OUTPUT was made from inputs with this SUM
step() {
    name=$1 output=$2 sum=$3
    shift 3
    stamp=$output.stamp
    if [ -e "$output" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then
        return
    fi
    say "$name"
    rm -f "$stamp"
    "$@" > "$cache/log-$name.txt" 2>&1 || {
        tail -n 20 "$cache/log-$name.txt" >&2
        say "$name failed; all of its output is in $cache/log-$name.txt"
        exit 1
    }
    echo "$sum" > "$stamp"
}
