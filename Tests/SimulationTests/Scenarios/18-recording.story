A recording of a dead peer

Somebody on the path, who has no key, notes what n2 sends to n1, also its answer when n1 asks whether n2 lives now. Then n2
dies, n1 starts anew, and hears the recording. It remembers none of the numbers in it; but nothing of it answers this life of
n1, so n2 is not believed to live.

> hosts 2 key=yes
> run 3s
       114 ms  n2 trusts n1
       115 ms  n1 trusts n2
> record n2 n1
> crash n1 process
> start n1
> run 3s
         3 ms  n2 sees that n1 has restarted: crash, proved
         4 ms  n1 trusts n2
> crash n2
> run 1s
       283 ms  n1 suspects n2: unknown, suspected
> crash n1 process
> start n1
> run 500ms
> play n2 n1
> run 5s
      1710 ms  n1 suspects n2: unknown, suspected
