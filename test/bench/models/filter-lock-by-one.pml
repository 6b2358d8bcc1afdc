/* The same graph as filter-lock-by-one.ts: every statement is a step. */
#ifndef PROCESSES
#define PROCESSES 5
#endif
#define LAST_DOOR (PROCESSES - 1)
#define LAST (PROCESSES - 1)
#define MAY_PASS (other == _pid || level[other] < door || last[door - 1] != _pid)

byte level[PROCESSES];
byte last[LAST_DOOR];

active [PROCESSES] proctype process() {
  byte door = 1, other = 0;
climb:
  level[_pid] = door;
  last[door - 1] = _pid;
look:
  if
  :: d_step { MAY_PASS && other < LAST -> other++ }; goto look
  :: d_step { MAY_PASS && other == LAST && door < LAST_DOOR -> other = 0; door++ }; goto climb
  :: d_step { MAY_PASS && other == LAST && door == LAST_DOOR -> other = 0; door = 1 }
  fi;
  level[_pid] = 0;
  goto climb
}
