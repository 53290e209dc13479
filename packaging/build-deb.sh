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
systemd=$here/../systemd
architecture=${ARCHITECTURE:-$(dpkg --print-architecture)}
maintainer=${MAINTAINER:-EdgeAgent maintainers <edge-agent@localhost>}
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(stat -c %Y "$binary")}"

if [ ! -x "$binary" ]; then
    echo "build-deb: $binary is no executable" >&2
    exit 66
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root" # mktemp makes it private; it becomes / of the package
umask 022

install -D -m 0755 "$binary" "$root/usr/bin/edge-agent"
# Symbols stay in the build's .dbg file; what is left is unneeded at run time.
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/edge-agent"
install -D -m 0640 "$here/agent.yaml" "$root/etc/edge-agent/agent.yaml"
install -D -m 0640 "$here/policy.yaml" "$root/etc/edge-agent/policy.yaml"
install -D -m 0644 "$systemd/edge-agent.service" "$root/usr/lib/systemd/system/edge-agent.service"
install -D -m 0644 "$systemd/sysusers.d/edge-agent.conf" "$root/usr/lib/sysusers.d/edge-agent.conf"
install -D -m 0644 "$systemd/tmpfiles.d/edge-agent.conf" "$root/usr/lib/tmpfiles.d/edge-agent.conf"
install -D -m 0644 "$here/edge-agent.1" "$root/usr/share/man/man1/edge-agent.1"
gzip -9n "$root/usr/share/man/man1/edge-agent.1"
for file in README.md asyncapi.yaml schemas examples; do
    (cd "$here/mqtt" && find "$file" -type f -exec install -D -m 0644 {} "$root/usr/share/doc/edge-agent/mqtt/{}" \;)
done
install -D -m 0644 "$here/deb/copyright" "$root/usr/share/doc/edge-agent/copyright"

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
