The link between two of three hosts breaks

n1 and n3 no longer reach each other. n2 hears both, and what it tells shows each of them that the other one lives:
the cause is the link, not a crash.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> cut n1 n3
> cut n3 n1
> run 5s
       283 ms  n3 suspects n1: link, proved
       330 ms  n1 suspects n3: link, proved
> mend n1 n3
> mend n3 n1
> run 3s
       113 ms  n3 trusts n1
       114 ms  n1 trusts n3
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
