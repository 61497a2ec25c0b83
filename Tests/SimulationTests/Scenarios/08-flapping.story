A link that comes and goes

Each time the link comes back n1 needs to hear more of n2 before it trusts it again, and at some point it says that
n2 flaps. What is told gets rarer, not more frequent.

> hosts 2
> run 5s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> isolate n2
> run 1s
       180 ms  n2 suspects n1: unknown, suspected
       283 ms  n1 suspects n2: unknown, suspected
> rejoin n2
> run 1s
        10 ms  n2 trusts n1
        11 ms  n1 trusts n2
> isolate n2
> run 1s
       180 ms  n2 suspects n1: unknown, suspected
       283 ms  n1 suspects n2: unknown, suspected
> rejoin n2
> run 1s
       410 ms  n2 trusts n1
       411 ms  n1 trusts n2
> isolate n2
> run 1s
       180 ms  n2 suspects n1: unknown, suspected
       283 ms  n1 suspects n2: unknown, suspected
> rejoin n2
> run 1s
       713 ms  n1 trusts n2
       714 ms  n2 trusts n1
> isolate n2
> run 1s
       180 ms  n2 suspects n1: unknown, suspected
       180 ms  n2 finds that n1 flaps
       283 ms  n1 suspects n2: unknown, suspected
       283 ms  n1 finds that n2 flaps
> rejoin n2
> run 1s
> isolate n2
> run 1s
> rejoin n2
> run 4s
      1210 ms  n2 trusts n1
      1211 ms  n1 trusts n2
> show
    n1: n2 trusted
    n2: n1 trusted
