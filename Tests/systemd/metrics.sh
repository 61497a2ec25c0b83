# Metrics on a socket that the manager opens. To be sourced by run.sh.

scrape() {
    inside bash -c 'exec 3<>/dev/tcp/127.0.0.1/9946; printf "GET /metrics HTTP/1.0\r\n\r\n" >&3; cat <&3' 2>/dev/null
}
scraped() { scrape | grep -qx "suspectd_up 1"; }

check_metrics_socket() {
    configure db2
    put "$root/systemd/suspectd-metrics.socket" /etc/systemd/system/suspectd-metrics.socket
    enforce 50-socket-activated.conf
    enforce 55-metrics.conf
    check "systemd accepts every line of the socket for metrics" verify_units suspectd-metrics.socket
    inside systemctl start suspectd-metrics.socket
    check "who asks for metrics starts the daemon, and is answered" within 10 scraped
    check "it runs in a network of its own" in_own_network
    check "a restart answers on the same socket" inside systemctl restart suspectd
    check "with metrics" within 10 scraped
    inside systemctl stop suspectd-metrics.socket suspectd.socket suspectd-varlink.socket suspectd
    sed "s/^ListenStream=.*/ListenStream=0.0.0.0:9946/" "$root/systemd/suspectd-metrics.socket" >"$scratch/open.socket"
    put "$scratch/open.socket" /etc/systemd/system/suspectd-metrics.socket
    inside systemctl daemon-reload
    start_fails "metrics for the whole network" 78 22 "write ListenStream=127.0.0.1:PORT"
    inside systemctl stop suspectd-metrics.socket suspectd.socket suspectd-varlink.socket suspectd
    inside rm /etc/systemd/system/suspectd-metrics.socket
    repeal 55-metrics.conf
    repeal 50-socket-activated.conf
    forget_failures
}
