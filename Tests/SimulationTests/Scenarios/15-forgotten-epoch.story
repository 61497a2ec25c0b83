A host that forgot its epoch, with a clock that went back

n2 loses its state directory and its clock was set back by an hour, so it claims to be in an older life. The others
refuse it and go on telling of the life they know; so n2 learns of it and begins a later one by itself.

> hosts 2
> run 5s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> clock n2 -3600s
> crash n2 process
> forget n2
> run 2s
       133 ms  n1 suspects n2: crash, suspected
> start n2
> run 3s
        10 ms  n2 trusts n1
        10 ms  n2 sees that n2 has restarted
        11 ms  n1 sees that n2 has restarted: crash, proved
        11 ms  n1 trusts n2
> show
    n1: n2 trusted
    n2: n1 trusted
