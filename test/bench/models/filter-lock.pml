/* The same graph as specs/classic/filter-lock.ts with one door less than processes: every statement is a step. */
#ifndef PROCESSES
#define PROCESSES 5
#endif
#define DOORS (PROCESSES - 1)
#define BEYOND(p) (p < PROCESSES && p != _pid && level[p] >= door)
#define MAY_PASS (last[door - 1] != _pid || !(BEYOND(0) || BEYOND(1) || BEYOND(2) || BEYOND(3) || BEYOND(4)))

byte level[5];
byte last[DOORS];

active [PROCESSES] proctype process() {
  byte door;
rest:
  door = 1;
climb:
  level[_pid] = door;
  last[door - 1] = _pid;
  if
  :: d_step { MAY_PASS && door < DOORS -> door++ }; goto climb
  :: d_step { MAY_PASS && door == DOORS -> door = 0 }
  fi;
  level[_pid] = 0;
  goto rest
}
