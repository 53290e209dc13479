# Joins the steps that sipp logged into one row per attempt. Input names: carrier-<trunk>-<transport>.log (outbound, the called
# side's view) and callback-<transport>.log (inbound, the calling side's view). Times are epoch seconds.
function e164(user) {
    if (user ~ /^\+/) { return user }
    if (user ~ /^00/) { return "+" substr(user, 3) }
    if (user ~ /^0/) { return "+33" substr(user, 2) }
    return "+" user
}
function at(    s, u) { return sprintf("%d.%06d", $3, $4) }
function disposition(status, rang) {
    if (status == "") { return "" }
    if (status == 200) { return "answered" }
    if (status == 486 || status == 600) { return "busy" }
    if (status == 480) { return "noAnswer" }
    if (status == 487) { return rang ? "noAnswer" : "cancelled" }
    if (status == 403 || status == 603) { return "rejected" }
    if (status == 404) { return "invalidNumber" }
    return "failed"
}
BEGIN { FS = ";" }
FNR == 1 {
    name = FILENAME
    sub(/.*\//, "", name)
    inbound = name ~ /^callback/
    trunk = name ~ /^carrier-b/ ? "carrier-b" : "carrier-a"
}
{ key = trunk SUBSEP $2 }
$1 == "invite" { start[key] = at(); number[key] = e164($5); person[key] = e164($6); way[key] = inbound ? "inbound" : "outbound"; over[key] = trunk; id[key] = $2 }
$1 == "ringing" { rang[key] = 1 }
$1 == "final" { status[key] = $5; if ($5 == 200) { answered[key] = at() } }
$1 == "bye" { ended[key] = at(); by[key] = $5 }
END {
    for (key in start) {
        print start[key] "," id[key] "," way[key] "," number[key] "," person[key] "," over[key] "," \
            disposition(status[key], key in rang) "," status[key] "," answered[key] "," ended[key] "," by[key]
    }
}
