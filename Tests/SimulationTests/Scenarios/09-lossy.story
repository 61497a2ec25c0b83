A link that loses a tenth of everything

Twenty minutes with heartbeats every 200 ms: some six hundred heartbeats are missed each way, each is followed by
pings, and nobody is suspected.

> hosts 2 loss=0.1
> run 1200s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> show
    n1: n2 trusted
    n2: n1 trusted
