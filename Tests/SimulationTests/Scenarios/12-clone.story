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
         2 ms  n3 sees a conflict of identities, told by n1
      1801 ms  n2 is not heard by n3: outbound, suspected
      1801 ms  n1 is not heard by n3: outbound, suspected
      1880 ms  n3 is not heard by n2: outbound, suspected
      1913 ms  n3 is not heard by n1: outbound, suspected
      2002 ms  n3' trusts n1
      2002 ms  n3' trusts n2
      2003 ms  n1 trusts n3
      2003 ms  n2 trusts n3
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
