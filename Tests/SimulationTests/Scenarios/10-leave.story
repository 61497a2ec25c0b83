A planned stop

n2 says goodbye. It has left, and is not suspected; when it starts again it is trusted at once.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> leave n2
> run 10s
         1 ms  n1 sees that n2 has left
         1 ms  n3 sees that n2 has left
> show
    n1: n2 left, n3 trusted
    n2 does not run
    n3: n1 trusted, n2 left
> start n2
> run 2s
         1 ms  n1 sees that n2 has restarted
         1 ms  n1 trusts n2
         1 ms  n3 sees that n2 has restarted
         1 ms  n3 trusts n2
         2 ms  n2 trusts n1
         2 ms  n2 trusts n3
