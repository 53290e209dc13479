#!/bin/sh
# Checks the systemd unit: "systemd-analyze verify" must be silent, the exposure level at most 2.0.
#
#   packaging/check-unit.sh [BINARY]
#
# BINARY stands in for /usr/bin/edge-agent, which verify looks for; default: /bin/true.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
unit=$here/../systemd/edge-agent.service
binary=$(realpath "${1:-/bin/true}")
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

sed "s|/usr/bin/edge-agent|$binary|" "$unit" > "$copy/edge-agent.service"
said=$(systemd-analyze verify --man=no "$copy/edge-agent.service" 2>&1) || { echo "$said" >&2; exit 1; }
if [ -n "$said" ]; then
    echo "$said" >&2
    exit 1
fi

# The threshold is ten times the level; above it the exit code is not 0.
systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" | tail -n 1
systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" >/dev/null
