One datagram that comes late, and copies of those that overtook it

One heartbeat of n2 is kept from n1 and delivered two seconds later, with copies of all that came after it. What is late is no
sign of life and takes nothing back; the copies are copies. Nothing is told.

> hosts 2 mode=heartbeat
> run 3s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> hold n2 n1
> run 300ms
> record n2 n1
> run 2s
> play n2 n1
> run 2s
