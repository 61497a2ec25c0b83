Two hosts with one name

Somebody copied a virtual machine. The copy has the later epoch, so the others follow it and refuse the first one,
which does not hear back. A restart is called proved, because a name stands for one host; here it does not, and the
first one says so: a conflict. The operator stops the copy and restarts the original.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> clone n3
> run 5s
         1 ms  n1 sees that n3 has restarted: crash, proved
         1 ms  n2 sees that n3 has restarted: crash, proved
         2 ms  n3 sees a conflict of identities, reported by n1
         2 ms  n3 sees that n3 has restarted
         3 ms  n1 sees that n3 has restarted: crash, proved
         3 ms  n2 sees that n3 has restarted: crash, proved
      2210 ms  n3' is isolated: isolated, suspected
> unclone n3
> run 3s
         1 ms  n1 sees that n3 has restarted: crash, proved
         1 ms  n2 sees that n3 has restarted: crash, proved
         2 ms  n3 trusts n1
         2 ms  n3 trusts n2
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
