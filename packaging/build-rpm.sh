#!/bin/sh
# Builds the RPM package from a published binary. Needs rpmbuild (Debian: rpm; others: rpm-build).
#
#   packaging/build-rpm.sh BINARY VERSION [OUTDIR]
#
# BINARY   the NativeAOT executable (dotnet publish agent/EdgeAgent -c Release -r linux-x64), built on a system no newer
#          than the ones it is for: it runs with the C library it was linked against and later ones
# VERSION  such as 0.1.0
# OUTDIR   where edge-agent-VERSION-1.ARCH.rpm is put; default: the current directory
# MAINTAINER, ARCHITECTURE and SOURCE_DATE_EPOCH (reproducible builds) are taken from the environment.
set -eu

if [ $# -lt 2 ]; then
    sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi

binary=$1
version=$2
outdir=${3:-.}
here=$(cd "$(dirname "$0")" && pwd)
architecture=${ARCHITECTURE:-$(uname -m)}
maintainer=${MAINTAINER:-EdgeAgent maintainers <edge-agent@localhost>}
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(stat -c %Y "$binary")}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/stage.sh" "$binary" "$work/staged"

if ! rpmbuild -bb --quiet --target "$architecture" \
    --define "_topdir $work" --define "_rpmdir $work/out" --define "version $version" --define "staged $work/staged" \
    --define "maintainer $maintainer" --define "_buildhost localhost" \
    --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
    "$here/rpm/edge-agent.spec" > "$work/log" 2>&1; then
    cat "$work/log" >&2
    exit 1
fi

mkdir -p "$outdir"
package=edge-agent-$version-1.$architecture.rpm
cp "$work/out/$architecture/$package" "$outdir/$package"
echo "$outdir/$package"
