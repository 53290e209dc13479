# Read by the tests of the packages: a fresh Debian to install them in. Needs root. Reads SUITE and MIRROR of the environment.
# shellcheck shell=sh
me=$(basename "$0" .sh)
suite=${SUITE:-bookworm}
mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk -v suite="$suite" '$2 == suite { print $1; exit }')}
if [ -z "$mirror" ]; then
    echo "$me: this host's apt knows no $suite; set MIRROR" >&2
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
    echo "$me: $*" >&2
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

# PACKAGES: what the fresh system has beside the least, separated by commas
make_root() {
    chmod 0755 "$root"
    debootstrap --variant=minbase --include="$1" "$suite" "$root" "$mirror" > "$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; rm -f "$root.log"; fail "debootstrap failed"; }
    rm -f "$root.log"
    mount -t proc proc "$root/proc" 2>/dev/null || mount --bind /proc "$root/proc" || fail "/proc cannot be mounted"
}

# What every package has to have done once it is installed.
check_installed() {
    for file in agent.yaml policy.yaml; do
        [ "$(inside stat -c '%a %U %G' /etc/edge-agent/$file)" = "640 root edge-agent" ] || fail "$file has other rights than 640 root:edge-agent"
    done
    [ "$(inside stat -c '%a %U %G' /etc/edge-agent)" = "750 root edge-agent" ] || fail "/etc/edge-agent has other rights than 750 root:edge-agent"
    [ -n "$(inside getent passwd edge-agent)" ] || fail "the user edge-agent was not made"
    inside edge-agent version || fail "version does not run"
    inside edge-agent validate || fail "the shipped configuration is not valid"
    chroot --userspec=edge-agent:edge-agent "$root" /usr/bin/edge-agent validate >/dev/null || fail "the agent's own user cannot validate"
    [ "$(exit_of inside env EDGEAGENT__LIMITS__MAXCALLS=none edge-agent validate)" -eq 78 ] || fail "a faulty configuration does not exit 78"
    [ "$(exit_of inside edge-agent status)" -eq 3 ] || fail "status without an agent does not exit 3"
}
