#!/bin/sh
# Installs the RPM package, uses it, installs it over itself and erases it, in a fresh Debian with rpm. Needs root.
#
#   packaging/test-rpm.sh PACKAGE.rpm
#
# SUITE   Debian release; default: bookworm
# MIRROR  where it comes from; default: the Debian archive of this host's own apt configuration
set -eu

if [ $# -ne 1 ] || [ "$(id -u)" -ne 0 ]; then
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

package=$(realpath "$1")
. "$(dirname "$0")/chroot.sh"
echo "test-rpm: $suite"
make_root libpcap0.8,libssl3,systemd,rpm

# dpkg put the libraries there, so rpm cannot know of them: what it would ask for is looked at here.
for needed in 'libpcap.so.1()(64bit)' 'libssl.so.3()(64bit)' systemd; do
    rpm --query --package --requires "$package" | grep -qxF "$needed" || fail "the package does not ask for $needed"
done
cp "$package" "$root/tmp/package.rpm"
inside rpm --install --nodeps /tmp/package.rpm || fail "the package does not install"
check_installed
said=$(inside systemd-analyze verify --man=no edge-agent.service 2>&1) && [ -z "$said" ] || fail "systemd-analyze verify: $said"

echo '# edited' >> "$root/etc/edge-agent/agent.yaml"
touch "$root/var/lib/edge-agent/journal.db"
inside rpm --upgrade --replacepkgs --nodeps /tmp/package.rpm || fail "the package does not install over itself"
grep -q '^# edited' "$root/etc/edge-agent/agent.yaml" || fail "an upgrade takes the configuration away"

inside rpm --erase edge-agent || fail "the package cannot be erased"
[ ! -e "$root/usr/bin/edge-agent" ] || fail "erase leaves the binary"
grep -q '^# edited' "$root/etc/edge-agent/agent.yaml.rpmsave" || fail "erase takes the edited configuration away"
[ -e "$root/var/lib/edge-agent/journal.db" ] || fail "erase takes the evidence away"
left=$(find "$root" -xdev -name '*edge-agent*' ! -path "$root/proc/*" ! -path "$root/etc/edge-agent" ! -path "$root/var/lib/edge-agent")
[ -z "$left" ] || fail "erase leaves $left"
echo "test-rpm: good"
