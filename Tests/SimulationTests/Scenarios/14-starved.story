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
      1684 ms  n2 trusts n1
      1684 ms  n3 trusts n1
      2054 ms  n2 suspects n1: crash, suspected
      2054 ms  n3 suspects n1: crash, suspected
      2080 ms  n3 and others agree on n1: crash, suspected
      2160 ms  n2 and others agree on n1: crash, suspected
      2531 ms  n1 was away for 818 ms
      2532 ms  n2 suspects n1: unknown, suspected
      2532 ms  n3 suspects n1: unknown, suspected
      2532 ms  n2 trusts n1
      2532 ms  n3 trusts n1
      2902 ms  n3 suspects n1: crash, suspected
      2902 ms  n3 finds that n1 flaps
      2902 ms  n2 suspects n1: crash, suspected
      2902 ms  n2 finds that n1 flaps
      2960 ms  n2 and others agree on n1: crash, suspected
      3080 ms  n3 and others agree on n1: crash, suspected
      3496 ms  n1 was away for 783 ms
      3497 ms  n2 suspects n1: unknown, suspected
      3497 ms  n3 suspects n1: unknown, suspected
      3497 ms  n3 trusts n1
      3497 ms  n2 trusts n1
      3867 ms  n2 suspects n1: crash, suspected
      3867 ms  n3 suspects n1: crash, suspected
      3880 ms  n3 and others agree on n1: crash, suspected
      3960 ms  n2 and others agree on n1: crash, suspected
      4061 ms  n1 was away for 548 ms
      4062 ms  n2 suspects n1: unknown, suspected
      4062 ms  n3 suspects n1: unknown, suspected
      4432 ms  n2 suspects n1: crash, suspected
      4480 ms  n3 suspects n1: crash, suspected
      4813 ms  n1 was away for 700 ms
      5648 ms  n1 was away for 735 ms
      6354 ms  n1 was away for 641 ms
      7680 ms  n1 was away for 1167 ms
      8586 ms  n1 was away for 873 ms
      9506 ms  n1 was away for 793 ms
> feed n1
> run 5s
        80 ms  n1 was away for 567 ms
      1513 ms  n2 trusts n1
      1513 ms  n3 trusts n1
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
