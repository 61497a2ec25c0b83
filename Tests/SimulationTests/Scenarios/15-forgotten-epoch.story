A host that forgot its epoch, with a clock that went back

n2 loses its state directory and its clock was set back by an hour, so it claims to be in an older life. The others
refuse it until its clock, or its operator, gives it a later epoch.

> hosts 2
> run 5s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> clock n2 -3600s
> crash n2 process
> forget n2
> run 2s
        41 ms  n1 suspects n2: crash, suspected
> start n2
> run 3s
        10 ms  n2 sees a conflict of identities, told by n1
        10 ms  n2 trusts n1
      1610 ms  n2 is not heard by n1: outbound, suspected
> show
    n1: n2 suspected
    n2: n1 trusted
> clock n2 3700s
> crash n2 process
> forget n2
> start n2
> run 2s
         1 ms  n1 sees that n2 has restarted: crash, proved
         1 ms  n1 trusts n2
         2 ms  n2 trusts n1
> show
    n1: n2 trusted
    n2: n1 trusted
