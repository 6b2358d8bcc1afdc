/* The same graph as philosophers.ts: every statement is a step. */
#ifndef SEATS
#define SEATS 10
#endif
#define OTHER ((_pid + 1) % SEATS)

bool taken[SEATS];

active [SEATS] proctype philosopher() {
  do
  :: skip;
     atomic { !taken[_pid] -> taken[_pid] = 1 };
     atomic { !taken[OTHER] -> taken[OTHER] = 1 };
     taken[_pid] = 0;
     taken[OTHER] = 0
  od
}
