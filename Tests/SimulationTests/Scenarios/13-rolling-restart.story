A rolling restart

Every host is stopped as planned and started again a second later, one after the other. Nobody is ever suspected.

> hosts 3
> run 5s
       112 ms  n1 trusts n2
       113 ms  n2 trusts n1
       159 ms  n3 trusts n2
       159 ms  n3 trusts n1
       160 ms  n2 trusts n3
       160 ms  n1 trusts n3
> leave n1
> run 1s
         1 ms  n2 sees that n1 has left
         1 ms  n3 sees that n1 has left
> start n1
> run 3s
         1 ms  n2 sees that n1 has restarted
         1 ms  n2 trusts n1
         1 ms  n3 sees that n1 has restarted
         1 ms  n3 trusts n1
         2 ms  n1 trusts n2
         2 ms  n1 trusts n3
> leave n2
> run 1s
         1 ms  n1 sees that n2 has left
         1 ms  n3 sees that n2 has left
> start n2
> run 3s
         1 ms  n2 trusts n1
         1 ms  n1 sees that n2 has restarted
         1 ms  n1 trusts n2
         1 ms  n3 sees that n2 has restarted
         1 ms  n3 trusts n2
         2 ms  n2 trusts n3
> leave n3
> run 1s
         1 ms  n1 sees that n3 has left
         1 ms  n2 sees that n3 has left
> start n3
> run 3s
         1 ms  n3 trusts n2
         1 ms  n3 trusts n1
         1 ms  n1 sees that n3 has restarted
         1 ms  n1 trusts n3
         1 ms  n2 sees that n3 has restarted
         1 ms  n2 trusts n3
> show
    n1: n2 trusted, n3 trusted
    n2: n1 trusted, n3 trusted
    n3: n1 trusted, n2 trusted
