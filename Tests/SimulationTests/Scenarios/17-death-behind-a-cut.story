A peer dies while a host is cut off

n1 is cut off, and so it blames itself and nobody else; meanwhile n5 dies. When n1 is back the others tell it that they suspect n5.
It confirms that only after it has judged n5 itself.

> hosts 5
> run 3s
        49 ms  n5 trusts n3
        50 ms  n3 trusts n5
        83 ms  n2 trusts n3
        83 ms  n2 trusts n5
        84 ms  n3 trusts n2
        84 ms  n5 trusts n2
       144 ms  n4 trusts n3
       144 ms  n4 trusts n5
       144 ms  n4 trusts n2
       145 ms  n3 trusts n4
       145 ms  n5 trusts n4
       145 ms  n2 trusts n4
       159 ms  n1 trusts n3
       159 ms  n1 trusts n5
       159 ms  n1 trusts n2
       159 ms  n1 trusts n4
       160 ms  n3 trusts n1
       160 ms  n5 trusts n1
       160 ms  n2 trusts n1
       160 ms  n4 trusts n1
> isolate n1
> run 2s
       204 ms  n1 is isolated: isolated, suspected
       330 ms  n4 suspects n1: crash, suspected
       330 ms  n3 suspects n1: crash, suspected
       330 ms  n5 suspects n1: crash, suspected
       330 ms  n2 suspects n1: crash, suspected
       331 ms  n2 and others agree on n1: crash, suspected
       331 ms  n5 and others agree on n1: crash, suspected
       331 ms  n3 and others agree on n1: crash, suspected
       331 ms  n4 and others agree on n1: crash, suspected
> crash n5
> run 2s
       220 ms  n3 suspects n5: crash, suspected
       220 ms  n2 suspects n5: crash, suspected
       220 ms  n4 suspects n5: crash, suspected
       221 ms  n4 and others agree on n5: crash, suspected
       221 ms  n3 and others agree on n5: crash, suspected
       221 ms  n2 and others agree on n5: crash, suspected
> rejoin n1
> run 3s
        31 ms  n1 is back among the others
        31 ms  n1 trusts n3
        32 ms  n3 trusts n1
        84 ms  n1 trusts n2
        85 ms  n2 trusts n1
       145 ms  n1 trusts n4
       146 ms  n4 trusts n1
       251 ms  n1 suspects n5: crash, suspected
       251 ms  n1 and others agree on n5: crash, suspected
> show
    n1: n2 trusted, n3 trusted, n4 trusted, n5 suspected:crash
    n2: n1 trusted, n3 trusted, n4 trusted, n5 suspected:crash
    n3: n1 trusted, n2 trusted, n4 trusted, n5 suspected:crash
    n4: n1 trusted, n2 trusted, n3 trusted, n5 suspected:crash
    n5 does not run
