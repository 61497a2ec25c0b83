# Keys from credentials, and starts that fail: what the manager and who asks it are told. To be sourced by run.sh.

# Stopped first: in the middle of a start, of a unit that is being tried again and again, reset-failed has the manager take a
# failure of that start for success.
forget_failures() {
    quietly inside systemctl stop suspectd
    quietly inside systemctl reset-failed suspectd
}

status_says() { [[ "$(property StatusText)" == *"$1"* ]]; }
failed_with() { property_is ExecMainStatus "$1" && property_is StatusErrno "$2"; }

# start_fails TEXT CODE ERRNO REMEDY: the start fails, and the manager knows the exit status, the cause and the remedy.
start_fails() {
    forget_failures
    check "$1: the start fails" fails inside systemctl start suspectd
    check "$1: with exit status $2, and error number $3 for the manager" within 10 failed_with "$2" "$3"
    check "$1: the status says what to do" status_says "$4"
}

authenticated() { inside suspectctl --json status | grep -q '"authenticated":true'; }

starts_with_key() {
    forget_failures
    check "$1: the daemon starts" inside systemctl start suspectd
    check "$1: and seals" authenticated
    inside systemctl stop suspectd
}

# give_key LINE: the unit's credential, for this test only; none without a LINE.
give_key() { drop_in 40-key "$@"; }

check_credentials() {
    local key=/etc/suspectd/keys/cluster.key
    configure db2
    sed -i 's/^allow_unauthenticated.*/keys = ["cluster.key"]/' "$scratch/suspectd.toml"
    put "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
    inside mkdir -p /etc/suspectd/keys /etc/credstore
    quietly inside suspectctl key new "$key"
    start_fails "no credential" 78 2 "add LoadCredential=cluster.key:FILE"
    give_key "LoadCredential=cluster.key:$key"
    starts_with_key "a credential of a file"
    give_key "LoadCredential=cluster.key:/etc/suspectd/keys/none"
    forget_failures
    check "a credential of a file that is not there keeps the manager from starting it" \
        fails inside systemctl start suspectd
    check "with its own exit status, 243" within 10 property_is ExecMainStatus 243
    give_key "LoadCredential=cluster.key"
    start_fails "an optional credential that nobody gave" 78 2 "add LoadCredential=cluster.key:FILE"
    inside cp "$key" /etc/credstore/cluster.key
    starts_with_key "an optional credential in /etc/credstore"
    inside bash -c "echo nonsense >/etc/credstore/cluster.key"
    start_fails "a credential that is no key" 78 22 "suspectctl key new"
    if quietly inside systemd-creds encrypt --name=cluster.key "$key" /etc/suspectd/keys/cluster.cred; then
        give_key "LoadCredentialEncrypted=cluster.key:/etc/suspectd/keys/cluster.cred"
        starts_with_key "an encrypted credential"
    else
        skip "an encrypted credential: systemd-creds cannot encrypt here"
    fi
    repeal 40-key.conf
    sed -i "s|^keys = .*|keys = [\"$key\"]|" "$scratch/suspectd.toml"
    put "$scratch/suspectd.toml" /etc/suspectd/suspectd.toml
    inside chmod 0600 "$key"
    start_fails "a key file that its user may not read" 78 13 "the daemon's user must be allowed"
}

holds_the_port() { inside grep -q ":1F0A " /proc/net/udp; }

check_start_limit() {
    configure db2
    inside systemd-run --quiet --unit=suspectd-holder python3 -c 'import signal, socket
holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
holder.bind(("127.0.0.1", 7946))
signal.pause()'
    within 5 holds_the_port
    repeal 21-patient.conf
    forget_failures
    check "a port that is taken: the start fails" fails inside systemctl start suspectd
    check "but it is tried again" within 10 tries 2
    check "and meanwhile the manager has the error number" within 10 property_is StatusErrno 98
    check "and the remedy" status_says "is another suspectd running?"
    check "a stop does not wait for the next try" stops_within 3
    quietly inside systemctl start suspectd
    inside systemctl stop suspectd-holder
    check "once the port is free it starts by itself" within 10 property_is ActiveState active
    check "and nothing is left of the error" property_is StatusErrno 0
    check_crash_limit
    inside systemctl stop suspectd
}

tries() { [ "$(property NRestarts)" -ge "$1" ]; }
stops_within() {
    local begin=$SECONDS
    inside systemctl stop suspectd && [ $((SECONDS - begin)) -le "$1" ]
}

crash() {
    local number
    for number in $(seq 100); do
        quietly inside systemctl kill -s SEGV suspectd
        property_is ActiveState failed && return
        sleep 0.3
    done
    return 1
}

check_crash_limit() {
    check "a daemon that crashes again and again is given up" crash
    check "and the journal says so" within 5 journal_has "Start request repeated too quickly" -u suspectd
    inside systemctl reset-failed suspectd
}
