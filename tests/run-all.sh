#!/usr/bin/env bash
# Installs what the tests need, builds everything, publishes the NativeAOT binary and passes every test against it.
# Last line: "N passed, N failed, N skipped". Exit 0 only when something ran and nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
PATH=$PATH:/usr/sbin:/sbin

passed=0 failed=0 skipped=0
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    exit $(( failed > 0 || passed == 0 ))
}
give_up() {
    echo "run-all.sh: $1" >&2
    failed=$((failed + 1))
    finish
}

# --- Tools: what stands for a package, and the package.
tools=(clang:clang sipp:sip-tester kamailio:kamailio mosquitto:mosquitto mosquitto_sub:mosquitto-clients tcpdump:tcpdump
    tshark:tshark ip:iproute2 unshare:util-linux debootstrap:debootstrap rpmbuild:rpm systemd-analyze:systemd gcc:gcc awk:mawk)
libraries=(zlib1g-dev libpcap0.8)
missing=()
for tool in "${tools[@]}"; do
    command -v "${tool%%:*}" >/dev/null || missing+=("${tool#*:}")
done
for library in "${libraries[@]}"; do
    # Of the two names one is unknown, which dpkg-query calls a failure: only what it prints counts.
    [[ $(dpkg-query -W -f '${Status}\n' "$library" "${library}t64" 2>/dev/null) == *'ok installed'* ]] || missing+=("$library")
done
if (( ${#missing[@]} )); then
    as_root=()
    if (( EUID != 0 )); then
        command -v sudo >/dev/null || give_up "as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    echo "Installing: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
        give_up "could not install ${missing[*]}"
    # Packages start their services; the tests bring their own.
    for service in kamailio mosquitto; do
        if [[ " ${missing[*]} " == *" $service "* && -d /run/systemd/system ]]; then
            "${as_root[@]}" systemctl disable --now "$service" >/dev/null 2>&1 || true
        fi
    done
fi

# --- Build. The publish names no runtime: NativeAOT takes this machine's, for which the lock files were made.
dotnet restore EdgeAgent.sln || give_up "the packages could not be restored"
dotnet build EdgeAgent.sln -c Release --no-restore || give_up "the build failed"
dotnet publish agent/EdgeAgent -c Release --no-restore -o artifacts/binary ||
    give_up "the NativeAOT binary could not be published"
EDGEAGENT_BINARY=$PWD/artifacts/binary/edge-agent
[[ -x $EDGEAGENT_BINARY ]] || give_up "no binary at $EDGEAGENT_BINARY"
export EDGEAGENT_BINARY

# --- Tests. Each project is its own runner and writes its counts to a file: only that is believed, not the exit code alone.
results=$PWD/artifacts/results
rm -rf "$results"
mkdir -p "$results"
for project in tests/*/*Tests.csproj; do
    name=$(basename "$project" .csproj)
    echo "== $name"
    # The end-to-end tests mostly wait for traffic, so more of them run than there are cores.
    timeout -k 30 1500 "artifacts/bin/$name/release/$name" -noColor -maxThreads 4 -result-xml "$results/$name.xml"
    status=$?
    # The root element's child <assembly> carries the counts as attributes.
    counts=$(grep -o '<assembly [^>]*>' "$results/$name.xml" 2>/dev/null | head -n 1)
    count_of() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counts"; }
    if [[ -z $counts ]]; then
        echo "run-all.sh: $name ended with $status and left no results" >&2
        failed=$((failed + 1))
        continue
    fi
    faults=$(( $(count_of failed) + $(count_of errors) ))
    if (( status != 0 && faults == 0 )); then
        echo "run-all.sh: $name ended with $status although no test failed" >&2
        faults=1
    fi
    passed=$((passed + $(count_of passed)))
    failed=$((failed + faults))
    skipped=$((skipped + $(count_of skipped) + $(count_of not-run)))
done

# --- Scripts that check what no test project can: each counts as one test.
check() {
    echo "== $*"
    if timeout -k 30 900 "$@"; then
        passed=$((passed + 1))
    else
        echo "run-all.sh: failed: $*" >&2
        failed=$((failed + 1))
    fi
}
# Only root may chroot; whoever is not asks sudo, and where there is none the failure is counted, not hidden.
package_check() { # KIND: deb or rpm
    local out=$PWD/artifacts/package-$1 as_root=()
    (( EUID == 0 )) || as_root=(sudo -n)
    rm -rf "$out" && mkdir -p "$out" &&
        "packaging/build-$1.sh" "$EDGEAGENT_BINARY" "$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)" "$out" &&
        "${as_root[@]}" "packaging/test-$1.sh" "$out"/*."$1"
}
export -f package_check
check packaging/check-unit.sh
check bash -c 'package_check deb'
check bash -c 'package_check rpm'
finish
