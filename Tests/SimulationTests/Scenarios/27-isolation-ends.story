An isolation ends with a reload

Three of six hosts stop at once: the others cannot tell that from a fault of their own, and blame themselves. The operator
takes the three out of the configuration. Nothing supports the isolation any longer, so it ends; a later crash is confirmed.

> hosts 6
> run 5s
        30 ms  n2 trusts n6
        31 ms  n6 trusts n2
        49 ms  n4 trusts n6
        49 ms  n4 trusts n2
        50 ms  n6 trusts n4
        50 ms  n2 trusts n4
        83 ms  n1 trusts n6
        83 ms  n1 trusts n2
        83 ms  n1 trusts n4
        84 ms  n6 trusts n1
        84 ms  n2 trusts n1
        84 ms  n4 trusts n1
        86 ms  n5 trusts n6
        86 ms  n5 trusts n2
        86 ms  n5 trusts n4
        86 ms  n5 trusts n1
        87 ms  n6 trusts n5
        87 ms  n2 trusts n5
        87 ms  n4 trusts n5
        87 ms  n1 trusts n5
       144 ms  n3 trusts n6
       144 ms  n3 trusts n2
       144 ms  n3 trusts n4
       144 ms  n3 trusts n1
       144 ms  n3 trusts n5
       145 ms  n6 trusts n3
       145 ms  n2 trusts n3
       145 ms  n4 trusts n3
       145 ms  n1 trusts n3
       145 ms  n5 trusts n3
> crash n4
> crash n5
> crash n6
> run 10s
       191 ms  n2 is isolated: isolated, suspected
       191 ms  n1 is isolated: isolated, suspected
       191 ms  n3 is isolated: isolated, suspected
> show
    n1: n2 trusted, n3 trusted, n4 suspected:isolated, n5 suspected:isolated, n6 suspected:isolated
    n2: n1 trusted, n3 trusted, n4 suspected:isolated, n5 suspected:isolated, n6 suspected:isolated
    n3: n1 trusted, n2 trusted, n4 suspected:isolated, n5 suspected:isolated, n6 suspected:isolated
    n4 does not run
    n5 does not run
    n6 does not run
> reload n1 without=n4 without=n5 without=n6
> reload n2 without=n4 without=n5 without=n6
> reload n3 without=n4 without=n5 without=n6
> run 5s
         0 ms  n1 is back among the others
         0 ms  n2 is back among the others
         0 ms  n3 is back among the others
> crash n3
> run 3s
       315 ms  n2 suspects n3: crash, suspected
       315 ms  n1 suspects n3: crash, suspected
       316 ms  n1 and others agree on n3: crash, suspected
       316 ms  n2 and others agree on n3: crash, suspected
