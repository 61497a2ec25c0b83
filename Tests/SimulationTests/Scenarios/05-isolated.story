A host loses its own network

To n1 it looks as if everybody had died at once. One broken link of its own explains that better, so it says that it
is isolated, once. The others suspect n1, and it alone.

> hosts 4
> run 5s
        79 ms  n1 trusts n4
        80 ms  n4 trusts n1
        83 ms  n3 trusts n4
        83 ms  n3 trusts n1
        84 ms  n4 trusts n3
        84 ms  n1 trusts n3
       159 ms  n2 trusts n4
       159 ms  n2 trusts n1
       159 ms  n2 trusts n3
       160 ms  n4 trusts n2
       160 ms  n1 trusts n2
       160 ms  n3 trusts n2
> isolate n1
> run 5s
       201 ms  n1 is isolated: isolated, suspected
       250 ms  n3 suspects n1: crash, suspected
       250 ms  n2 suspects n1: crash, suspected
       250 ms  n4 suspects n1: crash, suspected
       251 ms  n4 and others agree on n1: crash, suspected
       251 ms  n3 and others agree on n1: crash, suspected
       251 ms  n2 and others agree on n1: crash, suspected
> rejoin n1
> run 3s
        31 ms  n1 is back among the others
        31 ms  n1 trusts n4
        32 ms  n4 trusts n1
        80 ms  n3 trusts n1
        80 ms  n2 trusts n1
        81 ms  n1 trusts n3
        81 ms  n1 trusts n2
> show
    n1: n2 trusted, n3 trusted, n4 trusted
    n2: n1 trusted, n3 trusted, n4 trusted
    n3: n1 trusted, n2 trusted, n4 trusted
    n4: n1 trusted, n2 trusted, n3 trusted
