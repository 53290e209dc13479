#!/usr/bin/env bash
# Hooks for run.sh that put an agent, a broker and a subscriber on the gateway's host and disturb them.
#   live.sh up                 broker, subscriber, agent (EDGEAGENT_BINARY, configuration $RIG_OUT/agent.yaml), and where there is a
#                              $RIG_OUT/hep.yaml a second agent with it
#   live.sh outage AT SECONDS  AT seconds into the traffic the broker goes away for SECONDS
#   live.sh crash AT SECONDS   AT seconds into the traffic the agent is killed, and started again SECONDS later
#   live.sh disk               gives the store a disk of its own that can be filled: 32 MB of memory, or where nothing may be mounted a
#                              bound on the size of its files
#   live.sh kills N SEED       N times at random moments the agent is killed and started again, now and then without its broker, and where
#                              it has a disk of its own now and then with none of it left; one line each in kills (killed, started again,
#                              ready, epoch seconds, disk full or not)
#   live.sh span               makes span0, a mirror port of trunk0: what happens to it does not disturb the traffic
#   live.sh linkdown AT SECONDS  AT seconds into the traffic span0 is switched off for SECONDS
#   live.sh linkgone AT SECONDS  AT seconds into the traffic span0 is taken out, and made anew SECONDS later
#   live.sh settle SECONDS     waits until $RIG_OUT/settled exists, at most SECONDS; then stops the agent with SIGTERM
# Leaves in RIG_OUT: received.log (topic, space, payload), agent.log, agent.exit ("stopped" and milliseconds, or "hung"),
# killed-at, restarted-at, down-at and up-at (epoch seconds), at the end agent-status.json, and hep-status.json and hep-numbers.json of the
# second agent.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

start() { # NAME COMMAND...: on the gateway's host, in the background; the id is kept for whoever stops it
    local name=$1
    shift
    [[ ! -e $RIG_OUT/small-disk ]] || trap '' XFSZ # inherited: a write past the bound fails instead of ending the process
    # shellcheck disable=SC2086 # the prefix is several words
    $RIG_IN_PBX "$@" >>"$RIG_OUT/$name.log" 2>&1 </dev/null &
    echo "$!" >"$RIG_OUT/$name.pid"
    echo "$!" >>"$RIG_OUT/pids"
}
id_of() { cat "$RIG_OUT/$1.pid"; }
runs() { # NAME: a process that has ended but that nobody has asked after (state Z) does not run
    local id stat
    id=$(id_of "$1")
    stat=$(cat "/proc/$id/stat" 2>/dev/null) || return 1
    # Its first thread may have ended before the others, and its files are open as long as one of them is there.
    [[ ${stat##*) } != Z* ]] || (( $(find "/proc/$id/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l) > 1 ))
}
gone() { # NAME SECONDS: waits for an end
    for (( i = 0; i < $2 * 10; i++ )); do
        runs "$1" || return 0
        sleep 0.1
    done
    return 1
}

start_broker() {
    mkdir -p "$RIG_OUT/broker"
    printf '%s\n' 'listener 1883 127.0.0.1' 'allow_anonymous true' 'user root' 'persistence true' \
        "persistence_location $RIG_OUT/broker/" 'max_queued_messages 0' >"$RIG_OUT/broker/mosquitto.conf"
    start mosquitto mosquitto -c "$RIG_OUT/broker/mosquitto.conf"
    for _ in {1..50}; do
        # shellcheck disable=SC2086
        $RIG_IN_PBX mosquitto_pub -h 127.0.0.1 -t rig/ready -n 2>/dev/null && return 0
        sleep 0.1
    done
    echo "live.sh: mosquitto did not start, see $RIG_OUT/mosquitto.log" >&2
    return 1
}
fill() {
    if mountpoint -q "$RIG_OUT/store"; then
        dd if=/dev/zero of="$RIG_OUT/store/filler" bs=64K 2>/dev/null || true
        dd if=/dev/zero bs=512 2>/dev/null >>"$RIG_OUT/store/filler" || true # to the last byte
    else
        # Every file ends where the largest of the store ends now: what is to be appended there is refused.
        prlimit --pid "$(id_of agent)" --fsize="$(stat -c %s "$RIG_OUT"/store/* | sort -n | tail -n 1):unlimited"
    fi
}
free() {
    if mountpoint -q "$RIG_OUT/store"; then
        rm -f "$RIG_OUT/store/filler"
    elif [[ -e $RIG_OUT/small-disk ]]; then
        prlimit --pid "$(id_of agent)" --fsize=unlimited 2>/dev/null || true # it may have been killed
    fi
}
pause() { # MIN MAX: seconds
    sleep "$(awk -v min="$1" -v max="$2" -v random="$RANDOM" 'BEGIN { print min + (max - min) * random / 32768 }')"
}
start_agent() { # [NAME]: with the configuration and the socket of that name
    start "${1:-agent}" "$EDGEAGENT_BINARY" run --config "$RIG_OUT/${1:-agent}.yaml"
    for _ in {1..200}; do
        local status=0
        "$EDGEAGENT_BINARY" status --json --socket "$RIG_OUT/${1:-agent}.sock" >"$RIG_OUT/status.json" 2>"$RIG_OUT/status.err" || status=$?
        (( status <= 1 )) && return 0 # healthy or degraded: it answers, so its sources are attached
        runs "${1:-agent}" || break
        sleep 0.1
    done
    echo "live.sh: the agent did not start, see $RIG_OUT/${1:-agent}.log" >&2
    tail -n 20 "$RIG_OUT/${1:-agent}.log" >&2
    return 1
}

ask() { # FILE COMMAND SOCKET: insists, as an answer on a busy machine may take longer than the command waits
    for _ in {1..10}; do
        local status=0
        "$EDGEAGENT_BINARY" "$2" --json --socket "$RIG_OUT/$3" >"$RIG_OUT/$1" || status=$?
        (( status <= 1 )) && return 0 # healthy or degraded
        sleep 1
    done
    return 1
}

case $1 in
    up)
        start_broker
        # A session that outlives the broker, so that nothing is missed while either side reconnects.
        start received mosquitto_sub -h 127.0.0.1 -i collector -c -q 1 -t 'edgeagent/v1/#' -F '%t %p'
        start_agent
        [[ ! -e $RIG_OUT/hep.yaml ]] || start_agent hep
        ;;
    outage)
        sleep "$2"
        kill -TERM "$(id_of mosquitto)"
        gone mosquitto 5
        sleep "$3"
        start_broker
        ;;
    crash)
        sleep "$2"
        kill -KILL "$(id_of agent)"
        date +%s.%N >"$RIG_OUT/killed-at"
        sleep "$3"
        date +%s.%N >"$RIG_OUT/restarted-at"
        start_agent
        ;;
    disk)
        mkdir -p "$RIG_OUT/store"
        touch "$RIG_OUT/small-disk"
        mount -t tmpfs -o size=32m,mode=700 store "$RIG_OUT/store" 2>/dev/null || echo "live.sh: no mount allowed, files are bounded instead" >&2
        ;;
    kills)
        RANDOM=$3
        for (( kill = 0; kill < $2; kill++ )); do
            full=0
            if (( RANDOM % 4 == 0 )) && runs mosquitto; then
                kill -TERM "$(id_of mosquitto)"
                gone mosquitto 60
            fi
            pause 1 5
            if [[ -e $RIG_OUT/small-disk ]] && (( RANDOM % 2 == 0 )); then
                fill
                pause 1 6
                full=1
                (( RANDOM % 2 == 0 )) || free # else it is killed with what it could not write
                pause 0 3
            fi
            killed=$(date +%s.%N)
            kill -KILL "$(id_of agent)"
            echo "$killed" >"$RIG_OUT/killed-at"
            free
            gone agent 60
            pause 0 1.5
            started=$(date +%s.%N)
            start_agent
            echo "$killed $started $(date +%s.%N) $full" >>"$RIG_OUT/kills"
            runs mosquitto || (( RANDOM % 3 == 0 )) || start_broker
        done
        runs mosquitto || start_broker
        ;;
    span)
        # A bridge that learns nothing is a hub: every frame of the trunk goes out of every port.
        # shellcheck disable=SC2086
        $RIG_IN_PBX bash -e -c '
            ip link add hub0 type bridge ageing_time 0 forward_delay 0
            ip link add span1 type veth peer name span0
            ip link add host1 type veth peer name host0
            ip address del 10.20.0.1/24 dev trunk0
            for port in trunk0 span1 host1; do ip link set "$port" master hub0; done
            # What is for an address of the bridge itself it would keep: the gateway hangs on a port of its own, under the address of old.
            old=$(ip -o link show trunk0 | sed "s/.*ether \([^ ]*\).*/\1/")
            ip link set trunk0 address 02:00:00:00:00:01
            ip link set host0 address "$old"
            ip address add 10.20.0.1/24 dev host0
            for link in span0 span1 host0 host1 hub0; do ip link set "$link" up; done'
        ;;
    linkdown)
        sleep "$2"
        # shellcheck disable=SC2086
        $RIG_IN_PBX ip link set span0 down
        date +%s.%N >"$RIG_OUT/down-at"
        sleep "$3"
        date +%s.%N >"$RIG_OUT/up-at"
        # shellcheck disable=SC2086
        $RIG_IN_PBX ip link set span0 up
        ;;
    linkgone)
        sleep "$2"
        # shellcheck disable=SC2086
        $RIG_IN_PBX ip link delete span0
        date +%s.%N >"$RIG_OUT/down-at"
        sleep "$3"
        date +%s.%N >"$RIG_OUT/up-at"
        # shellcheck disable=SC2086
        $RIG_IN_PBX bash -e -c '
            ip link add span1 type veth peer name span0
            ip link set span1 master hub0
            for link in span0 span1; do ip link set "$link" up; done'
        ;;
    settle)
        touch "$RIG_OUT/settling"
        for (( i = 0; i < $2 * 5; i++ )); do
            [[ -e $RIG_OUT/settled ]] && break
            sleep 0.2
        done
        # One packet more on the trunk, so that its capture shows the time that has passed.
        # shellcheck disable=SC2086
        $RIG_IN_PBX bash -c 'echo >/dev/udp/10.20.0.2/9'
        sleep 1
        ask agent-status.json status agent.sock
        if [[ -e $RIG_OUT/hep.yaml ]]; then
            ask hep-status.json status hep.sock
            ask hep-numbers.json numbers hep.sock
        fi
        begun=$(date +%s%N)
        kill -TERM "$(id_of agent)"
        if gone agent 15; then
            echo "stopped $(( ($(date +%s%N) - begun) / 1000000 ))" >"$RIG_OUT/agent.exit"
        else
            echo "hung" >"$RIG_OUT/agent.exit"
        fi
        if mountpoint -q "$RIG_OUT/store"; then
            umount "$RIG_OUT/store"
        fi
        ;;
    *)
        sed -n '2,17s/^# \?//p' "$0" >&2
        exit 2
        ;;
esac
