Answers that are held back

Somebody on the path keeps what n2 sends from n1 until n1 pings, and with it the answers. n2 dies five seconds later. The answers
are delivered then, and answer pings that were sent; but nothing takes ten seconds on its way, so they do not revive n2.

> hosts 2
> run 3s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> hold n2 n1
> run 200ms
> pass n2 n1
> run 5s
> crash n2
> run 5s
       283 ms  n1 suspects n2: unknown, suspected
> play n2 n1
> run 3s

Delivered while n2 lives they change nothing either: neither what the round trip is thought to be, nor how long pings are waited for,
so the death of n2 is found as soon as above.

> hosts 2
> run 3s
       112 ms  n2 trusts n1
       113 ms  n1 trusts n2
> hold n2 n1
> run 200ms
> pass n2 n1
> run 5s
> play n2 n1
> run 5ms
> crash n2
> run 5s
       278 ms  n1 suspects n2: unknown, suspected
