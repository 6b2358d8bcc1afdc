/* The same graph as specs/classic/versioned-lock.ts, readers first: every statement is a step. */
#ifndef PROCESSES
#define PROCESSES 5
#endif

byte readers, version;
bool writing;

active [PROCESSES] proctype process() {
  do
  :: skip;
     atomic { !writing -> readers++ };
     readers--
  :: skip;
     atomic { !writing && readers == 0 -> writing = 1 };
     d_step { writing = 0; version = (version + 1) % 4 }
  od
}
