The observer itself stands still

n1 is stopped for three seconds while all others go on sending. When it wakes it reads what had arrived before it
judges anybody: it suspects nobody, and says that it was away. The others cannot know why it was silent.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> pause n1 3s
> run 6s
       283 ms  n3 suspects n1: crash, suspected
       283 ms  n2 suspects n1: crash, suspected
       284 ms  n2 and others agree on n1: crash, suspected
       284 ms  n3 and others agree on n1: crash, suspected
      3000 ms  n1 was away for 2899 ms
      3001 ms  n2 trusts n1
      3001 ms  n3 trusts n1
