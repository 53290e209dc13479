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
suite=${SUITE:-bookworm}
users=${USERS:-systemd}
mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk -v suite="$suite" '$2 == suite { print $1; exit }')}
if [ -z "$mirror" ]; then
    echo "test-deb: this host's apt knows no $suite; set MIRROR" >&2
    exit 2
fi

root=$(mktemp -d)
clean() {
    umount "$root/proc" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap clean EXIT
trap 'exit 130' INT TERM

fail() {
    echo "test-deb: $*" >&2
    exit 1
}

inside() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"
}

exit_of() {
    code=0
    "$@" >/dev/null 2>&1 || code=$?
    echo "$code"
}

accounts() {
    cut -d: -f1 "$root/etc/passwd" "$root/etc/group" | sort
}

echo "test-deb: $suite, users made by $users"
case $users in
    systemd) include=libpcap0.8,libssl3,systemd ;;
    adduser) include=libpcap0.8,libssl3,adduser ;;
    *) fail "USERS is neither systemd nor adduser" ;;
esac
chmod 0755 "$root"
debootstrap --variant=minbase --include="$include" "$suite" "$root" "$mirror" > "$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; rm -f "$root.log"; fail "debootstrap failed"; }
rm -f "$root.log"
mount -t proc proc "$root/proc" 2>/dev/null || mount --bind /proc "$root/proc" || fail "/proc cannot be mounted"
before=$(accounts)
cp "$package" "$root/tmp/package.deb"

inside dpkg --install /tmp/package.deb || fail "the package does not install"
rm "$root/tmp/package.deb"
for file in agent.yaml policy.yaml; do
    [ "$(inside stat -c '%a %U %G' /etc/edge-agent/$file)" = "640 root edge-agent" ] || fail "$file has other rights than 640 root:edge-agent"
done
[ -n "$(inside getent passwd edge-agent)" ] || fail "the user edge-agent was not made"
inside edge-agent version || fail "version does not run"
inside edge-agent validate || fail "the shipped configuration is not valid"
chroot --userspec=edge-agent:edge-agent "$root" /usr/bin/edge-agent validate >/dev/null || fail "the agent's own user cannot validate"
[ "$(exit_of inside env EDGEAGENT__LIMITS__MAXCALLS=none edge-agent validate)" -eq 78 ] || fail "a faulty configuration does not exit 78"
[ "$(exit_of inside edge-agent status)" -eq 3 ] || fail "status without an agent does not exit 3"
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
