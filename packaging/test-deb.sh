#!/bin/sh
# Installs the package in a fresh Debian, uses it, removes and purges it, and checks that nothing is left. Needs root.
#
#   packaging/test-deb.sh PACKAGE.deb
#
# SUITE   Debian release; default: bookworm
# MIRROR  where it comes from; default: the Debian archive of this host's own apt configuration
# USERS   systemd (default) or adduser: which of the two makes the agent's user in the chroot
set -eu

if [ $# -ne 1 ] || [ "$(id -u)" -ne 0 ]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

package=$(realpath "$1")
users=${USERS:-systemd}
. "$(dirname "$0")/chroot.sh"
echo "test-deb: $suite, users made by $users"
case $users in
    systemd) make_root libpcap0.8,libssl3,systemd ;;
    adduser) make_root libpcap0.8,libssl3,adduser ;;
    *) fail "USERS is neither systemd nor adduser" ;;
esac
before=$(accounts)
cp "$package" "$root/tmp/package.deb"

inside dpkg --install /tmp/package.deb || fail "the package does not install"
rm "$root/tmp/package.deb"
check_installed
if [ "$users" = systemd ]; then
    said=$(inside systemd-analyze verify --man=no edge-agent.service 2>&1) && [ -z "$said" ] || fail "systemd-analyze verify: $said"
fi

echo '# edited' >> "$root/etc/edge-agent/agent.yaml"
mkdir -p "$root/var/lib/edge-agent"
touch "$root/var/lib/edge-agent/journal.db"
inside dpkg --remove edge-agent || fail "the package cannot be removed"
[ ! -e "$root/usr/bin/edge-agent" ] || fail "remove leaves the binary"
grep -q '^# edited' "$root/etc/edge-agent/agent.yaml" || fail "remove takes the configuration away"
[ -e "$root/var/lib/edge-agent/journal.db" ] || fail "remove takes the evidence away"

inside dpkg --purge edge-agent || fail "the package cannot be purged"
left=$(find "$root" -xdev -name '*edge-agent*' ! -path "$root/proc/*")
[ -z "$left" ] || fail "purge leaves $left"
[ "$(accounts)" = "$before" ] || fail "purge leaves the user or group"
echo "test-deb: good"
