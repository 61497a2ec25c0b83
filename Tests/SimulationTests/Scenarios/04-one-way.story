One direction of a link breaks

n2 no longer hears n1, but n1 hears n2. The one suspects; the other learns from the acknowledgements that it is not
heard, says so once, and keeps trusting.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> cut n1 n2
> run 10s
       283 ms  n2 suspects n1: inbound, proved
      1280 ms  n1 is not heard by n2: outbound, suspected
> mend n1 n2
> run 3s
       113 ms  n2 trusts n1
       114 ms  n1 trusts n2
