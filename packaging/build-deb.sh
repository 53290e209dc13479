#!/bin/sh
# Builds the Debian package from a published binary.
#
#   packaging/build-deb.sh BINARY VERSION [OUTDIR]
#
# BINARY   the NativeAOT executable (dotnet publish agent/EdgeAgent -c Release -r linux-x64)
# VERSION  such as 0.1.0
# OUTDIR   where edge-agent_VERSION_ARCH.deb is put; default: the current directory
# MAINTAINER, ARCHITECTURE and SOURCE_DATE_EPOCH (reproducible builds) are taken from the environment.
set -eu

if [ $# -lt 2 ]; then
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

binary=$1
version=$2
outdir=${3:-.}
here=$(cd "$(dirname "$0")" && pwd)
architecture=${ARCHITECTURE:-$(dpkg --print-architecture)}
maintainer=${MAINTAINER:-EdgeAgent maintainers <edge-agent@localhost>}
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(stat -c %Y "$binary")}"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root" # mktemp makes it private; it becomes / of the package
umask 022

"$here/stage.sh" "$binary" "$root"

mkdir "$root/DEBIAN"
printf '%s\n' /etc/edge-agent/agent.yaml /etc/edge-agent/policy.yaml > "$root/DEBIAN/conffiles"
install -m 0755 "$here/deb/postinst" "$here/deb/prerm" "$here/deb/postrm" "$root/DEBIAN/"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
size=$(du -k -s --apparent-size --exclude=DEBIAN "$root" | cut -f1)
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@SIZE@|$size|" -e "s|@MAINTAINER@|$maintainer|" \
    "$here/deb/control.in" > "$root/DEBIAN/control"

mkdir -p "$outdir"
package=$outdir/edge-agent_${version}_${architecture}.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$package"
