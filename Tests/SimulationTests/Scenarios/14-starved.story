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
       360 ms  n2 and others agree on n1: crash, suspected
       480 ms  n3 and others agree on n1: crash, suspected
      1093 ms  n1 was away for 981 ms
      1094 ms  n2 trusts n1
      1094 ms  n3 trusts n1
      1464 ms  n2 suspects n1: crash, suspected
      1464 ms  n3 suspects n1: crash, suspected
      1480 ms  n3 and others agree on n1: crash, suspected
      1560 ms  n2 and others agree on n1: crash, suspected
      1683 ms  n1 was away for 570 ms
      1684 ms  n2 suspects n1: unknown, suspected
      1684 ms  n3 suspects n1: unknown, suspected
      2054 ms  n2 suspects n1: crash, suspected
      2054 ms  n3 suspects n1: crash, suspected
      2480 ms  n3 and others agree on n1: crash, suspected
      2531 ms  n1 was away for 818 ms
      2532 ms  n3 suspects n1: unknown, suspected
      2902 ms  n3 suspects n1: crash, suspected
      3300 ms  n1 was away for 588 ms
      4073 ms  n1 was away for 760 ms
      4959 ms  n1 was away for 846 ms
      5737 ms  n1 was away for 624 ms
      6514 ms  n1 was away for 601 ms
      7255 ms  n1 was away for 542 ms
      8087 ms  n1 was away for 774 ms
      8723 ms  n1 was away for 610 ms
      9733 ms  n1 was away for 820 ms
> feed n1
> run 5s
       113 ms  n3 trusts n1
       113 ms  n2 trusts n1
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
