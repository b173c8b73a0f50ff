#!/bin/sh
# Work done inside the Debian guest; each line printed is a fact.
#   fact NAME VALUE   does not depend on the machine: expected.txt has it
#   info NAME VALUE   depends on package versions or the CPU model: the same on two
#                     emulators with the same disk and model
# usage: run.sh SERVER    the package repository's URL
# SPDX-License-Identifier: MIT
export LC_ALL=C
here=$(dirname "$(readlink -f "$0")")
cd "$(mktemp -d -p /var/tmp)" || exit 1

fact() { name=$1; shift; echo "fact $name $*"; }
info() { name=$1; shift; echo "info $name $*"; }
hash() { sha256sum | cut -c1-32; }

# A megabyte that every machine makes the same.
seq 1 200000 | head -c 1000000 > data

system() {
    fact systemd "$(systemctl is-system-running --wait)"
    fact failed-units "$(systemctl list-units --failed --no-legend | wc -l)"
    fact transient-unit "$(systemd-run -q --wait --pipe -p DynamicUser=yes -p ProtectSystem=strict sh -c 'id -u | grep -c ^6')"
    fact udev "$(udevadm settle && udevadm info -q property -n "$(findmnt -n -o SOURCE /)" | grep -c '^ID_FS_LABEL=root')"
    info virtualisation "$(systemd-detect-virt)"
    info kernel-warnings "$(journalctl -b -k -p warning -o cat | grep -c -i -e 'warning:' -e 'BUG:' -e 'oops' -e 'general protection')"
}

packages() {
    echo "deb [trusted=yes] $1 ./" > /etc/apt/sources.list
    apt-get -q update > apt.log 2>&1 && apt-get -q -y install hello jq bc >> apt.log 2>&1
    fact apt $?
    fact hello "$(hello)"
    fact jq "$(echo '{"a":[1,2,{"b":3.5}]}' | jq -c '.a[2].b * 2, (.a|length)' | xargs)"
    fact bc "$(echo 'scale=300; 4*a(1)' | BC_LINE_LENGTH=0 bc -l | hash)"
    apt-get -q -y purge hello >> apt.log 2>&1
    fact purge "$? $(dpkg-query -W -f '${db:Status-Status}' hello 2>&1 | grep -c installed)"
    fact verify "$(dpkg -V libc6 python3.11-minimal gcc-12 libssl3 git linux-base | wc -l)"
}

compiler() {
    for options in -O0 -O2 "-O3 -funroll-loops" "-O2 -g -fsanitize=undefined"; do
        gcc $options -o work "$here/work.c" -lm
        fact "gcc $options" "$(./work 2> /dev/null | hash)"
        info "gcc-output $options" "$(gcc $options "-fdebug-prefix-map=$PWD=." -S -o - "$here/work.c" | hash)"
    done
    gcc -O2 -c -o work.o "$here/work.c" && ar rc libwork.a work.o && gcc -o work libwork.a -lm && ./work > /dev/null
    fact archive $?
    for i in $(seq 1 12); do
        echo "int f$i(int x) { return x * $i + 1; }" > f$i.c
        echo "int f$i(int);" >> all.h
    done
    { echo '#include <stdio.h>'; cat all.h; echo 'int main(void) { int x = 1;'
      for i in $(seq 1 12); do echo "x = f$i(x);"; done; printf '%s\n' 'printf("%d\n", x); return 0; }'; } > main.c
    printf 'prog: main.o %s\n\t$(CC) -o $@ $^\n' "$(seq -f 'f%g.o' -s ' ' 1 12)" > Makefile
    make -s -j3 prog
    fact make "$(./prog)"
}

openssl_work() {
    for d in md5 sha1 sha224 sha256 sha384 sha512 sha512-256 sha3-256 shake256 blake2b512 blake2s256 sm3 ripemd160; do
        fact "digest $d" "$(openssl dgst -r -$d data | cut -c1-32)"
    done
    key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f iv=f0e0d0c0b0a090807060504030201000
    for c in aes-128-cbc aes-256-cbc aes-192-ecb aes-256-ctr aes-128-cfb aes-256-ofb camellia-256-cbc aria-128-ctr \
        chacha20 des-ede3-cbc sm4-cbc; do
        case $c in
        aes-128*|aria*|sm4*) k=$(echo $key | cut -c1-32) ;;
        aes-192*|des*) k=$(echo $key | cut -c1-48) ;;
        *) k=$key ;;
        esac
        case $c in
        *ecb) v= ;;
        des*) v="-iv $(echo $iv | cut -c1-16)" ;;
        *) v="-iv $iv" ;;
        esac
        openssl enc -$c -K $k $v -in data -out data.enc
        fact "cipher $c" "$(hash < data.enc) $(openssl enc -d -$c -K $k $v -in data.enc | cmp - data && echo same)"
    done
    # The library's code for other processors, as far as this one has the instructions.
    for mask in 0 '~0x200000200000000' '~0x1000000000000000' '~0x1800000000000000:~0x20' '~0:~0x20000000' '~0x4000000:~0'; do
        fact "paths $mask" "$(for d in sha1 sha256 sha512; do OPENSSL_ia32cap=$mask openssl dgst -r -$d data; done | hash) $(
            OPENSSL_ia32cap=$mask openssl enc -aes-256-ctr -K $key -iv $iv -in data | hash) $(
            OPENSSL_ia32cap=$mask openssl enc -chacha20 -K $key -iv $iv -in data | hash)"
    done
    for algorithm in "rsa -pkeyopt rsa_keygen_bits:2048" "ec -pkeyopt ec_paramgen_curve:P-256" "ec -pkeyopt ec_paramgen_curve:secp384r1"; do
        openssl genpkey -algorithm $algorithm -out key.pem 2> /dev/null
        openssl pkey -in key.pem -pubout -out public.pem
        openssl dgst -sha256 -sign key.pem -out signature data
        fact "sign $algorithm" "$(openssl dgst -sha256 -verify public.pem -signature signature data)"
    done
    openssl genpkey -algorithm ed25519 -out key.pem && openssl pkey -in key.pem -pubout -out public.pem
    openssl pkeyutl -sign -rawin -inkey key.pem -in "$here/work.c" -out signature
    fact "sign ed25519" "$(openssl pkeyutl -verify -rawin -pubin -inkey public.pem -in "$here/work.c" -sigfile signature)"
    fact prime "$(openssl prime 170141183460469231731687303715884105727 | grep -c 'is prime')"
    for a in sha256 aes-128-cbc aes-256-gcm chacha20-poly1305; do
        fact "speed $a" "$(openssl speed -seconds 1 -bytes 8192 -evp $a > speed.log 2>&1; echo $?) $(grep -c -i "^$a" speed.log)"
        tail -n 1 speed.log | sed 's/^/rate /'
    done
}

git_work() {
    fact git-head "$(git -C "$here" rev-parse HEAD | cut -c1-12)"
    fact git-fsck "$(git -C "$here" fsck --full 2>&1 | grep -v -c -e '^Checking' -e '^notice')"
    git clone -q "$here" again && cd again || return
    git -c user.name=g -c user.email=g@example.com commit -q --allow-empty --date='2020-01-01T00:00:00Z' -m empty
    git gc -q --aggressive && git fsck --full > /dev/null 2>&1
    fact git-gc "$? $(git status --porcelain | wc -l) $(git log --oneline | wc -l)"
    fact git-blame "$(git blame -s --abbrev=8 file0 | wc -l)"
    cd ..
}

system
packages "$1"
compiler
python3 "$here/work.py"
openssl_work
git_work
cat /proc/cpuinfo | grep -m 1 '^flags' | cut -d: -f2 | xargs -n 1 | sort | hash | sed 's/^/info cpu-flags /'
echo end of facts
