The wall clock is set back by half a day

No deadline depends on it. Nothing is told.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> clock n2 -43200s
> run 10s

After a restart the epoch is later than the one that was stored, whatever the clock says.

> crash n2 process
> run 1s
       132 ms  n3 suspects n2: crash, suspected
       132 ms  n1 suspects n2: crash, suspected
       133 ms  n1 and others agree on n2: crash, suspected
       133 ms  n3 and others agree on n2: crash, suspected
> start n2
> run 2s
         1 ms  n1 sees that n2 has restarted: crash, proved
         1 ms  n1 trusts n2
         1 ms  n3 sees that n2 has restarted: crash, proved
         1 ms  n3 trusts n2
         2 ms  n2 trusts n1
         2 ms  n2 trusts n3
