#!/usr/bin/env bash
# Makes demo-two-campaigns.pcap.gz and its truth: five short runs of the traffic rig, each moved to its own moment of one week.
# Needs what tests/traffic/run.sh needs, and editcap, mergecap, awk with strftime.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

# phase NAME 'YYYY-MM-DD HH:MM:SS' (Paris) SECONDS "transport caller count codes" ...
# The codes (see tests/traffic/README.md) are taken in turn; code "back" is a call-back to the number.
phase() {
    local name=$1 moment=$2 seconds=$3 dir=$work/$1 group
    shift 3
    mkdir -p "$dir"
    for group in "$@"; do
        awk -v group="$group" -v salt="$name" 'BEGIN {
            n = split(group, g, " ")
            for (i = 0; i < g[3]; i++) {
                code = g[4 + i % (n - 3)]
                person = (i % 2 ? "053649" : "046571") sprintf("%02d", (i * 7 + length(salt)) % 100)
                if (code == "back") { print g[1] ";callback;" g[2] ";" person "00"; continue }
                scenario = code == "01" ? "phone-wait" : code == "08" || code == "09" ? "phone-cancel" : code == "10" ? "phone-vanish" : "phone-call"
                print g[1] ";" scenario ";" g[2] ";" person code
            }
        }'
    done >"$dir/wanted.csv"
    ../traffic/run.sh "$dir" --plan "$dir/wanted.csv" --seconds "$seconds"
    local first shift_seconds
    first=$(sed -n '2s/,.*//p' "$dir/truth.csv")
    shift_seconds=$(awk -v to="$(TZ=Europe/Paris date -d "$moment" +%s)" -v from="$first" 'BEGIN { printf "%.6f", to - from }')
    editcap -F pcap -t "$shift_seconds" "$dir/trunk.pcap" "$dir/moved.pcap"
    awk -F, -v OFS=, -v by="$shift_seconds" '
        function moved(t) { return t == "" ? "" : sprintf("%.6f", t + by) }
        NR > 1 { $1 = moved($1); $9 = moved($9); $10 = moved($10); print }' "$dir/truth.csv" >>"$work/rows.csv"
}

# Client A shows 0199000101 and 0199000102, client B 0261910201 and 0353010202.
phase morning '2026-11-17 10:05:00' 12 \
    'udp 0199000101 24 00 01 03 00 06 02 07 08' 'tcp 0199000102 20 00 01 05 04 00 08 00 11' \
    'udp 0261910201 12 00 03 06 01' 'tcp +33353010202 10 00 02 06 09 10' 'udp 0199000101 3 back' 'udp 0261910201 3 back'
phase lunch '2026-11-17 12:59:50' 20 'udp 0199000101 10 00 06 03' 'udp 0261910201 20 06 03 00 08'
phase burst '2026-11-17 14:30:00' 20 'udp 0261910201 130 06 03 05 03 06 00 08 04' 'udp 0261910201 6 back'
phase evening '2026-11-17 20:01:00' 5 'tcp 0199000102 6 00 06' 'udp 0199000102 2 back'
phase saturday '2026-11-21 11:00:00' 5 'tcp +33353010202 6 00 03 06'

mergecap -F pcap -w "$work/demo.pcap" "$work"/*/moved.pcap
gzip -9 -n <"$work/demo.pcap" >demo-two-campaigns.pcap.gz

# Guard columns: D223-9 hours in Europe/Paris, where all these persons live, and the rank of the attempt in its Paris day.
{
    echo 'start,callId,direction,number,person,trunk,disposition,status,answeredAt,endedAt,endedBy,hours,attemptOfDay'
    sort -t, -k1,1n "$work/rows.csv" | TZ=Europe/Paris awk -F, -v OFS=, '
        $3 != "outbound" { print $0, "", ""; next }
        {
            weekday = strftime("%u", int($1))
            minute = strftime("%H", int($1)) * 60 + strftime("%M", int($1))
            legal = weekday <= 5 && (minute >= 600 && minute < 780 || minute >= 840 && minute < 1200)
            print $0, legal ? "allowed" : "violation", ++rank[$4, strftime("%F", int($1))]
        }'
} >demo-two-campaigns.truth.csv
