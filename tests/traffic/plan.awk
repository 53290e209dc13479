# Writes "transport;scenario;caller;called" for a number of calls. The last two digits of the called number choose the outcome.
BEGIN {
    srand(seed)
    # Two numbers per transport, each written in another of the usual forms. ARCEP's ranges for fiction only.
    split("0199000001 0261910002 +33353010003 33465710004", caller, " ")
    weights = "00:12 01:8 02:5 03:4 04:3 05:3 06:3 07:4 08:3 09:2 10:1 11:2"
    outcomes = 0
    n = split(weights, pair, " ")
    for (i = 1; i <= n; i++) {
        split(pair[i], part, ":")
        for (k = 0; k < part[2]; k++) { outcome[outcomes++] = part[1] }
    }
    scenario["01"] = "phone-wait"; scenario["08"] = "phone-cancel"; scenario["09"] = "phone-cancel"; scenario["10"] = "phone-vanish"
    backs = int(calls / 10)
    for (i = 0; i < calls - backs; i++) {
        # Every outcome comes up for every number; only which person meets it is random.
        code = outcome[i % outcomes]
        c = int(i / outcomes + i) % 4 + 1
        print (c <= 2 ? "udp" : "tcp") ";" (code in scenario ? scenario[code] : "phone-call") ";" caller[c] ";06399" sprintf("8%02d", int(rand() * 100)) code
    }
    for (i = 0; i < backs; i++) {
        # A person whose number ends in 03 finds the switchboard busy.
        print "udp;callback;" caller[i % 4 + 1] ";06399" sprintf("8%02d", int(rand() * 100)) (i % 5 == 4 ? "03" : "00")
    }
}
