#!/usr/bin/env bash
# Real SIP traffic between three network namespaces, with the truth written by those who made the calls. See README.md.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: run.sh OUTDIR [--calls N] [--seconds S] [--seed N] [--plan CSV]
              [--hep-to URI] [--before-traffic CMD] [--during CMD] [--after-traffic CMD]

Leaves in OUTDIR: trunk.pcap (Ethernet, trunk side), any.pcap (Linux cooked v2, both sides), truth.csv (one row per attempt),
plan.csv (what was asked for), sipp/ (logs and statistics).
  --calls N           calls in all, a tenth of them call-backs (default 500)
  --seconds S         time over which they begin (default N / 10, at least 5)
  --seed N            which numbers meet which outcome (default 1)
  --plan CSV          rows "transport;scenario;caller;called" in place of the generated plan
  --hep-to URI        where the gateway sends a HEP copy of all it receives and sends, such as sip:10.20.0.1:9060
  --before-traffic C  run before the first call, with the namespaces up
  --during C          started with the first call, awaited at the end
  --after-traffic C   run after the last call, before anything is taken down
Commands run in bash and find RIG_OUT, RIG_TRUNK (interface), RIG_SECONDS, and RIG_IN_PBX, a prefix that runs a command on the
gateway's host. Process ids appended to $RIG_OUT/pids are ended with the rig.
TEXT
}

if [[ $# -lt 1 || $1 == -h || $1 == --help ]]; then
    usage
    exit $(( $# < 1 ? 2 : 0 ))
fi
# Namespaces need privilege; whoever lacks it gets it inside a user namespace of his own. There he keeps an ordinary id, since
# tcpdump wants to change its groups when it finds itself root, which a user namespace does not allow.
own_user=(unshare -U -n --map-user=1000 --map-group=1000 --keep-caps)
if ! unshare -n true 2>/dev/null; then
    if ! "${own_user[@]}" true 2>/dev/null; then
        echo "run.sh: neither 'unshare -n' nor '${own_user[*]}' is allowed here" >&2
        exit 77
    fi
    exec "${own_user[@]}" -- "$0" "$@"
fi

mkdir -p "$1"
OUT=$(cd "$1" && pwd)
shift
CALLS=500 SECONDS_WANTED='' SEED=1 PLAN='' HEP_TO='' BEFORE='' DURING='' AFTER=''
while [[ $# -gt 0 ]]; do
    [[ $# -ge 2 ]] || { usage >&2; exit 2; }
    case $1 in
        --calls) CALLS=$2 ;;
        --seconds) SECONDS_WANTED=$2 ;;
        --seed) SEED=$2 ;;
        --plan) PLAN=$2 ;;
        --hep-to) HEP_TO=$2 ;;
        --before-traffic) BEFORE=$2 ;;
        --during) DURING=$2 ;;
        --after-traffic) AFTER=$2 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift 2
done
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
for tool in sipp kamailio tcpdump ip nsenter awk; do
    command -v "$tool" >/dev/null || { echo "run.sh: $tool is missing" >&2; exit 69; }
done

PIDS=() # what this script started, ended by id and in reverse order
spawn() { "$@" & PIDS+=("$!"); }
finish() {
    local status=$? pid
    trap - EXIT INT TERM
    if [[ -f $OUT/pids ]]; then
        while read -r pid; do kill -TERM "$pid" 2>/dev/null || true; done <"$OUT/pids"
    fi
    for (( i = ${#PIDS[@]} - 1; i >= 0; i-- )); do
        kill -TERM "${PIDS[i]}" 2>/dev/null || true
    done
    for _ in {1..20}; do
        local alive=0
        for pid in "${PIDS[@]}" $(cat "$OUT/pids" 2>/dev/null); do
            [[ $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null) == [^Z]* ]] && alive=1
        done
        (( alive )) || break
        sleep 0.1
    done
    for pid in "${PIDS[@]}" $(cat "$OUT/pids" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- Three hosts. A namespace lives as long as its sleeping process, so nothing is left behind whatever happens.
rm -rf "$OUT/sipp" "$OUT/pids" "$OUT/truth.csv" "$OUT/trunk.pcap" "$OUT/any.pcap"
mkdir -p "$OUT/sipp" "$OUT/kamailio"
declare -A HOST
for host in phones pbx carrier; do
    spawn unshare -n -- sleep 3600
    HOST[$host]=${PIDS[-1]}
done
own=$(readlink /proc/self/ns/net)
for pid in "${HOST[@]}"; do
    for _ in {1..50}; do
        [[ $(readlink "/proc/$pid/ns/net") != "$own" ]] && break
        sleep 0.05
    done
done
on() { local host=$1; shift; nsenter -t "${HOST[$host]}" -n -- "$@"; }
exec_on() { local host=$1; shift; exec nsenter -t "${HOST[$host]}" -n -- "$@"; } # in the background: one process, its own id
for host in phones pbx carrier; do
    on "$host" ip link set lo up
done
on pbx ip link add lan0 type veth peer name eth0 netns "${HOST[phones]}"
on pbx ip link add trunk0 type veth peer name eth0 netns "${HOST[carrier]}"
for spec in "pbx lan0 10.10.0.1" "pbx trunk0 10.20.0.1" "phones eth0 10.10.0.2" "phones eth0 10.10.0.3" \
    "carrier eth0 10.20.0.2" "carrier eth0 10.20.0.3"; do
    read -r host link address <<<"$spec"
    on "$host" ip address add "$address/24" dev "$link"
    on "$host" ip link set "$link" up
done

# --- What is to be called.
if [[ -n $PLAN ]]; then
    cp "$PLAN" "$OUT/plan.csv"
else
    awk -v calls="$CALLS" -v seed="$SEED" -f "$HERE/plan.awk" >"$OUT/plan.csv"
fi
total=$(wc -l <"$OUT/plan.csv")
seconds=${SECONDS_WANTED:-$(( total / 10 > 5 ? total / 10 : 5 ))}

# --- Observers, gateway, answering sides.
export RIG_OUT=$OUT RIG_TRUNK=trunk0 RIG_SECONDS=$seconds RIG_IN_PBX="nsenter -t ${HOST[pbx]} -n --"
capture=(tcpdump -q -s 0 -U -B 16384)
if (( EUID == 0 )); then
    capture+=(-Z root) # else it could not write where this user can
fi
spawn exec_on pbx "${capture[@]}" -i trunk0 -w "$OUT/trunk.pcap" 2>"$OUT/tcpdump-trunk.log"
spawn exec_on pbx "${capture[@]}" -i any -w "$OUT/any.pcap" 2>"$OUT/tcpdump-any.log"
printf '%s\n' '1 sip:10.20.0.2:5060;transport=udp 0 20' '1 sip:10.20.0.3:5060;transport=udp 0 10' \
    '2 sip:10.20.0.2:5060;transport=tcp 0 20' '2 sip:10.20.0.3:5060;transport=tcp 0 10' >"$OUT/kamailio/dispatcher.list"
defines=(-A "DISPATCHER_LIST=\"$OUT/kamailio/dispatcher.list\"")
if [[ -n $HEP_TO ]]; then
    defines+=(-A "HEP_TO=\"$HEP_TO\"")
fi
spawn exec_on pbx kamailio -f "$HERE/kamailio.cfg" "${defines[@]}" -DD -E -m 32 -M 8 \
    -Y "$OUT/kamailio" -w "$OUT/kamailio" >"$OUT/kamailio/log" 2>&1

limit=1800 # seconds after which a sipp is stopped whatever it waits for
# sipp_at NAME HOST ADDRESS PORT TRANSPORT SCENARIO [more arguments]: bounded in time, one log and one statistics file each.
sipp_at() {
    local name=$1 host=$2 address=$3 port=$4 transport=$5 scenario=$6
    shift 6
    exec_on "$host" timeout -k 5 "$limit" sipp -sf "$HERE/scenarios/$scenario.xml" -i "$address" -p "$port" -t "${transport/udp/u}1" \
        -trace_logs -log_file "$OUT/sipp/$name.log" -log_overwrite true -trace_stat -stf "$OUT/sipp/$name.stat.csv" -fd 60 \
        -trace_err -error_file "$OUT/sipp/$name.err" -nostdin -skip_rlimit "$@" >"$OUT/sipp/$name.out" 2>&1
}
for transport in udp tcp; do
    spawn sipp_at "carrier-a-$transport" carrier 10.20.0.2 5060 "${transport/tcp/t}" carrier
    spawn sipp_at "carrier-b-$transport" carrier 10.20.0.3 5060 "${transport/tcp/t}" carrier-second
done
spawn sipp_at switchboard phones 10.10.0.3 5060 udp switchboard
for _ in {1..100}; do # both transports of all three hosts' port 5060
    ready=$(( $(on carrier ss -Hlntu 'sport = :5060' | wc -l) + $(on pbx ss -Hlntu 'sport = :5060' | wc -l) ))
    [[ -s $OUT/trunk.pcap && -s $OUT/any.pcap ]] && (( ready >= 8 )) && break
    sleep 0.1
done
(( ready >= 8 )) || { echo "run.sh: gateway or carrier did not start, see $OUT" >&2; exit 1; }

[[ -z $BEFORE ]] || bash -c "$BEFORE"

# --- Calls. One sipp per (scenario, transport), paced so that all end together.
during_pid=''
if [[ -n $DURING ]]; then
    bash -c "$DURING" &
    during_pid=$!
fi
callers=()
limit=$((seconds + 60))
port=20000 # clear of sipp's media ports
for kind in $(cut -d';' -f1,2 "$OUT/plan.csv" | sort -u); do
    transport=${kind%;*} scenario=${kind#*;}
    name=$scenario-$transport
    input=$OUT/sipp/$name.input.csv
    { echo SEQUENTIAL; awk -F';' -v t="$transport" -v s="$scenario" '$1 == t && $2 == s { print $3 ";" $4 ";" }' "$OUT/plan.csv"; } >"$input"
    count=$(( $(wc -l <"$input") - 1 ))
    port=$((port + 2))
    host=phones address=10.10.0.2 remote=10.10.0.1:5060
    if [[ $scenario == callback ]]; then
        host=carrier address=10.20.0.2 remote=10.20.0.1:5060
    fi
    sipp_at "$name" "$host" "$address" "$port" "${transport/tcp/t}" "$scenario" "$remote" -inf "$input" -m "$count" \
        -r "$count" -rp $((seconds * 1000)) -l 1000 &
    callers+=("$!:$name")
    PIDS+=("$!")
done
failed=0
for caller in "${callers[@]}"; do
    wait "${caller%%:*}" || { echo "run.sh: sipp ${caller#*:} ended with $?, see $OUT/sipp/${caller#*:}.err" >&2; failed=1; }
done
[[ -z $during_pid ]] || wait "$during_pid" || { echo "run.sh: the command given with --during failed" >&2; failed=1; }
sleep 1 # last retransmissions and acknowledgements

shopt -s nullglob # a plan need not hold call-backs
awk -f "$HERE/truth.awk" "$OUT"/sipp/carrier-*.log "$OUT"/sipp/callback-*.log | sort >"$OUT/truth.rows"
{ echo 'start,callId,direction,number,person,trunk,disposition,status,answeredAt,endedAt,endedBy'; cat "$OUT/truth.rows"; } >"$OUT/truth.csv"
rm "$OUT/truth.rows"

if [[ -n $AFTER ]]; then
    bash -c "$AFTER" || { echo "run.sh: the command given with --after-traffic failed" >&2; failed=1; }
fi
exit "$failed"
