A daemon is killed and its host lives on

The kernel of n2 answers for it that nobody listens on the port. That speeds the verdict up, and is none by itself.

> hosts 2
> run 5s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> crash n2 process
> run 2s
       133 ms  n1 suspects n2: crash, suspected

Restarted within a second it is trusted again at its first heartbeat.

> start n2
> run 1s
         1 ms  n1 sees that n2 has restarted: crash, proved
         1 ms  n1 trusts n2
         2 ms  n2 trusts n1
