#!/bin/sh
# Lays out what a package installs, the same for every kind of package.
#
#   packaging/stage.sh BINARY ROOT
#
# BINARY  the NativeAOT executable
# ROOT    an empty directory that stands for /
set -eu

if [ $# -ne 2 ]; then
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

binary=$1
root=$2
here=$(cd "$(dirname "$0")" && pwd)
systemd=$here/../systemd
if [ ! -x "$binary" ]; then
    echo "stage: $binary is no executable" >&2
    exit 66
fi

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
