A host that is starved of processor time

The loop of n1 wakes half a second to two and a half seconds late, each time. As an observer it blames nobody. As a
peer it is silent for longer than anybody should wait, and the others say so, more rarely the longer it lasts.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> starve n1
> run 10s
       283 ms  n3 suspects n1: crash, suspected
       283 ms  n2 suspects n1: crash, suspected
       284 ms  n2 and others agree on n1: crash, suspected
       284 ms  n3 and others agree on n1: crash, suspected
       992 ms  n1 was away for 880 ms
       993 ms  n2 trusts n1
       993 ms  n3 trusts n1
      1363 ms  n2 suspects n1: crash, suspected
      1363 ms  n3 suspects n1: crash, suspected
      1364 ms  n3 and others agree on n1: crash, suspected
      1364 ms  n2 and others agree on n1: crash, suspected
      2040 ms  n1 was away for 927 ms
      2041 ms  n3 suspects n1: unknown, suspected
      2041 ms  n2 suspects n1: unknown, suspected
      2411 ms  n2 suspects n1: crash, suspected
      2411 ms  n3 suspects n1: crash, suspected
      2624 ms  n1 was away for 512 ms
      3421 ms  n1 was away for 709 ms
      4381 ms  n1 was away for 868 ms
      5196 ms  n1 was away for 683 ms
      5974 ms  n1 was away for 661 ms
      6735 ms  n1 was away for 622 ms
      7567 ms  n1 was away for 654 ms
      8243 ms  n1 was away for 530 ms
      9213 ms  n1 was away for 900 ms
      9995 ms  n1 was away for 683 ms
> feed n1
> run 5s
       113 ms  n2 suspects n1: unknown, suspected
       113 ms  n3 suspects n1: unknown, suspected
       313 ms  n2 trusts n1
       313 ms  n3 trusts n1
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
