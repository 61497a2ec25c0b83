An address that moves

A host gets another address, and the others learn it ten seconds later. They hear it all the time; it does not get their
heartbeats, asks, and gets their answers, which go where its pings come from. So no host is suspected, and the others are
told that it does not hear them. Of a peer with two addresses one host uses the one that does not answer: that is the same
for the two.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> move n3
> run 10s
      1960 ms  n2 is not heard by n3: outbound, suspected
      1960 ms  n1 is not heard by n3: outbound, suspected
> announce n3
> run 5s
        91 ms  n2 trusts n3
       160 ms  n1 trusts n3
> misdirect n1 n2
> run 5s
      2080 ms  n1 is not heard by n2: outbound, suspected
> correct n1 n2
> run 5s
        80 ms  n1 trusts n2
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
