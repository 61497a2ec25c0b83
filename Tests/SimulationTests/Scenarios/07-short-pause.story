A pause shorter than the detection time

Nobody says anything: neither the host that was away, nor the others.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> pause n1 150ms
> run 3s
