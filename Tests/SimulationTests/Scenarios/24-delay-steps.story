A route that flaps

One direction takes 150 ms longer, on and off every three seconds: what is late then is asked for, and the answer comes in
time. No host is suspected.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> step n1 n2 150ms 3s
> run 20s
> unstep n1 n2
> run 5s
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
