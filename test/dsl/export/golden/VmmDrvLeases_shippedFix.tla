----------------------- MODULE VmmDrvLeases_shippedFix -----------------------
\* vmm_drv leases, model shippedFix
\*
\* How bhyve's `vmm_drv` interface lends guest memory to viona, and takes it back when somebody wants the VM for itself.
\*
\* Every ring of a viona device signs a lease, which holds the VM's reader-writer lock for reading as long as it lasts. A
\* thread that wants to write locks all vCPUs, marks every lease expired, tells the holders through a callback, and waits
\* until the last lease is given back. The protocol before the fix of illumos 14026 could lose that call.
\*
\* One step of this spec is one thing that other threads can come between: a test, falling asleep, taking a lock, a
\* critical section short enough to have nothing inside. Memory is sequentially consistent.
\*
\* For rings = 1.
\*
\* Written by Fairlead.

EXTENDS Integers, Sequences, FiniteSets, TLC

BoundedSeq(S, least, most) == {s \in Seq(S) : Len(s) \in least..most}

Range(f) == {f[x] : x \in DOMAIN f}

\* The first position of a value, from 0 on; -1 if it has none.
IndexOf(s, v) == IF v \in Range(s) THEN (CHOOSE i \in DOMAIN s : s[i] = v /\ \A j \in 1..(i - 1) : s[j] # v) - 1 ELSE -1

\* The element at a position from 0 on, or from the end if negative.
At(s, i, absent) == LET j == IF i < 0 THEN Len(s) + i ELSE i IN IF 0 <= j /\ j < Len(s) THEN s[j + 1] ELSE absent

CONSTANTS
    variant, \* What the writer does about the leases:
    writers,
    readers,
    vcpus,
    writes, \* How often each writer asks for the write lock.
    reads, \* How often each reader asks for the read lock.
    signals, \* Whether a worker asleep on its ring can be woken by a signal, as `cv_wait_sig` allows.
    Writer,
    Ring,
    Reader,
    ring0,
    reader0,
    null,
    undefined

VARIABLES
    vcpu, \* Who owns each vCPU (`vcpu_lock_one`); null is VCPU_IDLE.
    leaseLock, \* `vmm_lease_lock`.
    leaseCv, \* `vmm_lease_cv`: signers wait on it for the block to end, and the blocking writer for the list to drain.
    blocker, \* `vmm_lease_blocker`: how many threads are between block and unblock.
    leaseList, \* `vmm_lease_list`, oldest first.
    expired, \* `vml_expired`; false for what is not on the list.
    deferred, \* `vml_break_deferred`; false for what is not on the list.
    rw, \* `vmm_rwlock`: a lease holds it under the id of its ring.
    ringLock, \* `vr_lock`.
    ringCv, \* `vr_cv`.
    ringLease, \* Whether `vr_lease` is set.
    reader_pc,
    worker_pc,
    writer_pc,
    writer_v,
    writer_cursor,
    writer_v_2

vars == <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease, reader_pc,
          worker_pc, writer_pc, writer_v, writer_cursor, writer_v_2>>

TypeInvariant ==
    /\ vcpu \in [1..1 -> Writer \cup {null}]
    /\ leaseLock \in [owner: Writer \cup Ring \cup {null}]
    /\ leaseCv \in [sleepers: SUBSET (Writer \cup Ring)]
    /\ blocker \in 0..1
    /\ leaseList \in BoundedSeq(Ring, 0, 1)
    /\ expired \in [Ring -> BOOLEAN]
    /\ deferred \in [Ring -> BOOLEAN]
    /\ rw \in [readers: SUBSET (Ring \cup Reader), writer: Writer \cup {null},
               waitingReaders: SUBSET (Ring \cup Reader), waitingWriters: SUBSET Writer]
    /\ ringLock \in [Ring -> [owner: Ring \cup {null}]]
    /\ ringCv \in [Ring -> [sleepers: SUBSET Ring]]
    /\ ringLease \in [Ring -> BOOLEAN]
    /\ reader_pc \in [Reader -> {"ask", "enterRead", "leave", "done"}]
    /\ worker_pc \in [Ring -> {"start", "test", "lockToBreak", "break", "checkRelease", "lockToSign", "sign",
                               "waitToSign", "leaveSign", "retakeRing", "store", "sleep", "asleep"}]
    /\ writer_pc \in [Writer -> {"ask", "lockVcpu", "block", "iterate", "expire", "call", "resume", "drain", "asleep",
                                 "enterRw", "write", "unblock", "exitRw", "unlockVcpu", "done"}]
    /\ writer_v \in [Writer -> 0..0]
    /\ writer_cursor \in [Writer -> Ring \cup {null}]
    /\ writer_v_2 \in [Writer -> 0..0]

Init ==
    LET Then(reader_pc1) ==
            /\ vcpu = <<null>>
            /\ leaseLock = [owner |-> null]
            /\ leaseCv = [sleepers |-> {}]
            /\ blocker = 0
            /\ leaseList = <<ring0>>
            /\ expired = [k \in Ring |-> FALSE]
            /\ deferred = [k \in Ring |-> FALSE]
            /\ rw = [readers |-> {ring0}, writer |-> null, waitingReaders |-> {}, waitingWriters |-> {}]
            /\ ringLock = [k \in Ring |-> [owner |-> null]]
            /\ ringCv = [k \in Ring |-> [sleepers |-> {}]]
            /\ ringLease = [[k \in Ring |-> FALSE] EXCEPT ![ring0] = TRUE]
            /\ reader_pc = reader_pc1
            /\ worker_pc = [r_2 \in Ring |-> "start"]
            /\ writer_pc = [w \in Writer |-> "ask"]
            /\ writer_v = [k \in Writer |-> 0]
            /\ writer_cursor = [k \in Writer |-> null]
            /\ writer_v_2 = [k \in Writer |-> 0]
    IN  IF reads = "never"
        THEN Then([[k \in Reader |-> "ask"] EXCEPT ![reader0] = "done"])
        ELSE Then([[k \in Reader |-> "ask"] EXCEPT ![reader0] = "ask"])

reader_ask(d) ==
    /\ reader_pc[d] = "ask"
    /\ reader_pc' = [reader_pc EXCEPT ![d] = "enterRead"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                   worker_pc, writer_pc, writer_v, writer_cursor, writer_v_2>>

reader_enterRead(d) ==
    /\ reader_pc[d] = "enterRead"
    /\ Assert(d \notin rw.readers, "rwlock.ts:37: verify failed: a reader enters once")
    /\ rw' = IF rw.writer = null /\ rw.waitingWriters = {}
             THEN [rw EXCEPT !.readers = @ \cup {d}]
             ELSE [rw EXCEPT !.waitingReaders = @ \cup {d}]
    /\ reader_pc' = [reader_pc EXCEPT ![d] = "leave"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, ringLock, ringCv, ringLease,
                   worker_pc, writer_pc, writer_v, writer_cursor, writer_v_2>>

reader_leave(d) ==
    /\ reader_pc[d] = "leave"
    /\ d \in rw.readers
    /\ Assert(d \in rw.readers, "rwlock.ts:93: verify failed: only what was taken is given back")
    /\ LET Then(rw1) ==
               IF reads = "once"
               THEN /\ rw' = rw1
                    /\ reader_pc' = [reader_pc EXCEPT ![d] = "done"]
               ELSE IF reads = "never"
                    THEN /\ rw' = rw1
                         /\ reader_pc' = [reader_pc EXCEPT ![d] = "done"]
                    ELSE /\ rw' = rw1
                         /\ reader_pc' = [reader_pc EXCEPT ![d] = "ask"]
       IN  IF rw.readers \ {d} = {} /\ rw.waitingWriters # {}
           THEN \E next \in rw.waitingWriters :
                  Then([rw EXCEPT !.readers = @ \ {d}, !.waitingWriters = rw.waitingWriters \ {next}, !.writer = next])
           ELSE Then([rw EXCEPT !.readers = @ \ {d}])
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, ringLock, ringCv, ringLease,
                   worker_pc, writer_pc, writer_v, writer_cursor, writer_v_2>>

\* A signal, or a stop of the process, wakes a worker out of `cv_wait_sig`; it looks at its ring and goes on.
signalWorker(r) ==
    /\ signals
    /\ r \in ringCv[r].sleepers
    /\ ringCv' = [ringCv EXCEPT ![r].sleepers = @ \ {r}]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringLease, reader_pc,
                   worker_pc, writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_start(r) ==
    /\ worker_pc[r] = "start"
    /\ ringLock[r].owner = null
    /\ ringLock' = [ringLock EXCEPT ![r].owner = r]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "test"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringCv, ringLease, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_test(r) ==
    /\ worker_pc[r] = "test"
    /\ IF expired[r]
       THEN worker_pc' = [worker_pc EXCEPT ![r] = "lockToBreak"]
       ELSE worker_pc' = [worker_pc EXCEPT ![r] = "sleep"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                   reader_pc, writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_lockToBreak(r) ==
    /\ worker_pc[r] = "lockToBreak"
    /\ leaseLock.owner = null
    /\ leaseLock' = [leaseLock EXCEPT !.owner = r]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "break"]
    /\ UNCHANGED <<vcpu, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_break(r) ==
    /\ worker_pc[r] = "break"
    /\ Assert(r \in Range(leaseList) /\ ~deferred[r],
              "lease.ts:12: verify failed: only a lease on the list is broken, and only once")
    /\ LET Then(deferred1, leaseCv1, leaseList1, expired1, rw1) ==
               /\ Assert(leaseLock.owner = r, "mutex.ts:29: verify failed: a mutex is released by its owner")
               /\ leaseLock' = [leaseLock EXCEPT !.owner = null]
               /\ leaseCv' = leaseCv1
               /\ leaseList' = leaseList1
               /\ expired' = expired1
               /\ deferred' = deferred1
               /\ rw' = rw1
               /\ ringLease' = [ringLease EXCEPT ![r] = FALSE]
               /\ worker_pc' = [worker_pc EXCEPT ![r] = "checkRelease"]
               /\ UNCHANGED <<vcpu, blocker, ringLock, ringCv, reader_pc, writer_pc, writer_v, writer_cursor,
                              writer_v_2>>
       IN  IF variant \in {"shippedFix", "corrected"} /\ blocker > 0
           THEN Then([deferred EXCEPT ![r] = TRUE], [leaseCv EXCEPT !.sleepers = {}], leaseList, expired, rw)
           ELSE /\ Assert(r \in rw.readers, "rwlock.ts:93: verify failed: only what was taken is given back")
                /\ IF rw.readers \ {r} = {} /\ rw.waitingWriters # {}
                   THEN \E next \in rw.waitingWriters :
                          Then([deferred EXCEPT ![r] = FALSE], leaseCv, SelectSeq(leaseList, LAMBDA other : other # r),
                               [expired EXCEPT ![r] = FALSE], [rw EXCEPT !.readers = @ \ {r},
                                                               !.waitingWriters = rw.waitingWriters \ {next},
                                                               !.writer = next])
                   ELSE Then([deferred EXCEPT ![r] = FALSE], leaseCv, SelectSeq(leaseList, LAMBDA other : other # r),
                             [expired EXCEPT ![r] = FALSE], [rw EXCEPT !.readers = @ \ {r}])

worker_checkRelease(r) ==
    /\ worker_pc[r] = "checkRelease"
    /\ IF variant = "corrected"
       THEN /\ Assert(ringLock[r].owner = r, "mutex.ts:29: verify failed: a mutex is released by its owner")
            /\ ringLock' = [ringLock EXCEPT ![r].owner = null]
       ELSE UNCHANGED ringLock
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "lockToSign"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringCv, ringLease, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_lockToSign(r) ==
    /\ worker_pc[r] = "lockToSign"
    /\ leaseLock.owner = null
    /\ leaseLock' = [leaseLock EXCEPT !.owner = r]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "sign"]
    /\ UNCHANGED <<vcpu, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_sign(r) ==
    /\ worker_pc[r] = "sign"
    /\ IF blocker = 0
       THEN /\ Assert(Append(leaseList, r) \in BoundedSeq(Ring, 0, 1), "lease.ts:35: leaseList is outside its domain")
            /\ Assert(r \notin rw.readers, "rwlock.ts:37: verify failed: a reader enters once")
            /\ leaseList' = Append(leaseList, r)
            /\ rw' = IF rw.writer = null /\ rw.waitingWriters = {}
                     THEN [rw EXCEPT !.readers = @ \cup {r}]
                     ELSE [rw EXCEPT !.waitingReaders = @ \cup {r}]
            /\ worker_pc' = [worker_pc EXCEPT ![r] = "leaveSign"]
            /\ UNCHANGED <<leaseLock, leaseCv>>
       ELSE /\ Assert(leaseLock.owner = r, "condvar.ts:23: verify failed: a thread that waits has the mutex")
            /\ leaseLock' = [leaseLock EXCEPT !.owner = null]
            /\ leaseCv' = [leaseCv EXCEPT !.sleepers = @ \cup {r}]
            /\ worker_pc' = [worker_pc EXCEPT ![r] = "waitToSign"]
            /\ UNCHANGED <<leaseList, rw>>
    /\ UNCHANGED <<vcpu, blocker, expired, deferred, ringLock, ringCv, ringLease, reader_pc, writer_pc, writer_v,
                   writer_cursor, writer_v_2>>

worker_waitToSign(r) ==
    /\ worker_pc[r] = "waitToSign"
    /\ r \notin leaseCv.sleepers
    /\ leaseLock.owner = null
    /\ leaseLock' = [leaseLock EXCEPT !.owner = r]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "sign"]
    /\ UNCHANGED <<vcpu, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_leaveSign(r) ==
    /\ worker_pc[r] = "leaveSign"
    /\ r \in rw.readers
    /\ Assert(leaseLock.owner = r, "mutex.ts:29: verify failed: a mutex is released by its owner")
    /\ IF variant = "corrected"
       THEN /\ worker_pc' = [worker_pc EXCEPT ![r] = "retakeRing"]
            /\ UNCHANGED ringLease
       ELSE /\ ringLease' = [ringLease EXCEPT ![r] = TRUE]
            /\ worker_pc' = [worker_pc EXCEPT ![r] = "sleep"]
    /\ leaseLock' = [leaseLock EXCEPT !.owner = null]
    /\ UNCHANGED <<vcpu, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, reader_pc, writer_pc,
                   writer_v, writer_cursor, writer_v_2>>

worker_retakeRing(r) ==
    /\ worker_pc[r] = "retakeRing"
    /\ ringLock[r].owner = null
    /\ ringLock' = [ringLock EXCEPT ![r].owner = r]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "store"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringCv, ringLease, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_store(r) ==
    /\ worker_pc[r] = "store"
    /\ ringLease' = [ringLease EXCEPT ![r] = TRUE]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "test"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

worker_sleep(r) ==
    /\ worker_pc[r] = "sleep"
    /\ Assert(ringLock[r].owner = r, "condvar.ts:23: verify failed: a thread that waits has the mutex")
    /\ ringLock' = [ringLock EXCEPT ![r].owner = null]
    /\ ringCv' = [ringCv EXCEPT ![r].sleepers = @ \cup {r}]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "asleep"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLease, reader_pc, writer_pc,
                   writer_v, writer_cursor, writer_v_2>>

worker_asleep(r) ==
    /\ worker_pc[r] = "asleep"
    /\ r \notin ringCv[r].sleepers
    /\ ringLock[r].owner = null
    /\ ringLock' = [ringLock EXCEPT ![r].owner = r]
    /\ worker_pc' = [worker_pc EXCEPT ![r] = "test"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringCv, ringLease, reader_pc,
                   writer_pc, writer_v, writer_cursor, writer_v_2>>

writer_ask(w) ==
    /\ writer_pc[w] = "ask"
    /\ IF 0 >= vcpus
       THEN /\ writer_pc' = [writer_pc EXCEPT ![w] = "block"]
            /\ UNCHANGED writer_v
       ELSE /\ writer_pc' = [writer_pc EXCEPT ![w] = "lockVcpu"]
            /\ writer_v' = [writer_v EXCEPT ![w] = 0]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                   reader_pc, worker_pc, writer_cursor, writer_v_2>>

writer_lockVcpu(w) ==
    /\ writer_pc[w] = "lockVcpu"
    /\ vcpu[writer_v[w] + 1] = null
    /\ Assert(writer_v[w] + 1 \in DOMAIN vcpu, "writer.ts:13: there is no such part to assign to")
    /\ \E value \in {writer_v[w] + 1} :
         IF value >= vcpus
         THEN /\ writer_pc' = [writer_pc EXCEPT ![w] = "block"]
              /\ writer_v' = [writer_v EXCEPT ![w] = 0]
         ELSE /\ Assert(value \in 0..0, "writer.ts:11: writer.v[] is outside its domain")
              /\ writer_pc' = [writer_pc EXCEPT ![w] = "lockVcpu"]
              /\ writer_v' = [writer_v EXCEPT ![w] = value]
    /\ vcpu' = [vcpu EXCEPT ![writer_v[w] + 1] = w]
    /\ UNCHANGED <<leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                   reader_pc, worker_pc, writer_cursor, writer_v_2>>

writer_block(w) ==
    /\ writer_pc[w] = "block"
    /\ leaseLock.owner = null
    /\ Assert(blocker + 1 \in 0..1, "writer.ts:45: blocker is outside its domain")
    /\ leaseLock' = [leaseLock EXCEPT !.owner = w]
    /\ blocker' = blocker + 1
    /\ writer_pc' = [writer_pc EXCEPT ![w] = "iterate"]
    /\ writer_cursor' = [writer_cursor EXCEPT ![w] = IF At(leaseList, 0, undefined) = undefined THEN null ELSE At(leaseList, 0, undefined)]
    /\ UNCHANGED <<vcpu, leaseCv, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease, reader_pc, worker_pc,
                   writer_v, writer_v_2>>

writer_iterate(w) ==
    /\ writer_pc[w] = "iterate"
    /\ IF writer_cursor[w] = null
       THEN /\ writer_pc' = [writer_pc EXCEPT ![w] = "drain"]
            /\ writer_cursor' = [writer_cursor EXCEPT ![w] = null]
       ELSE /\ writer_pc' = [writer_pc EXCEPT ![w] = "expire"]
            /\ UNCHANGED writer_cursor
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                   reader_pc, worker_pc, writer_v, writer_v_2>>

writer_expire(w) ==
    /\ writer_pc[w] = "expire"
    /\ Assert(writer_cursor[w] \in DOMAIN expired, "writer.ts:51: there is no such part to assign to")
    /\ IF variant \in {"shippedFix", "corrected"}
       THEN /\ Assert(leaseLock.owner = w, "mutex.ts:29: verify failed: a mutex is released by its owner")
            /\ leaseLock' = [leaseLock EXCEPT !.owner = null]
       ELSE UNCHANGED leaseLock
    /\ expired' = [expired EXCEPT ![writer_cursor[w]] = TRUE]
    /\ writer_pc' = [writer_pc EXCEPT ![w] = "call"]
    /\ UNCHANGED <<vcpu, leaseCv, blocker, leaseList, deferred, rw, ringLock, ringCv, ringLease, reader_pc, worker_pc,
                   writer_v, writer_cursor, writer_v_2>>

writer_call(w) ==
    /\ writer_pc[w] = "call"
    /\ LET Then ==
               /\ Assert(writer_cursor[w] \in DOMAIN ringCv, "condvar.ts:74: there is no such part to assign to")
               /\ IF variant \in {"shippedFix", "corrected"}
                  THEN /\ writer_pc' = [writer_pc EXCEPT ![w] = "resume"]
                       /\ UNCHANGED writer_cursor
                  ELSE \E value \in {At(leaseList, IndexOf(leaseList, writer_cursor[w]) + 1, undefined)} :
                         /\ writer_pc' = [writer_pc EXCEPT ![w] = "iterate"]
                         /\ writer_cursor' = [writer_cursor EXCEPT ![w] = IF value = undefined THEN null ELSE value]
       IN  IF variant # "beforeTheFix" THEN ringLock[writer_cursor[w]].owner = null /\ Then ELSE Then
    /\ ringCv' = [ringCv EXCEPT ![writer_cursor[w]].sleepers = {}]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringLease, reader_pc,
                   worker_pc, writer_v, writer_v_2>>

writer_resume(w) ==
    /\ writer_pc[w] = "resume"
    /\ leaseLock.owner = null
    /\ Assert(writer_cursor[w] \in Range(leaseList),
              "writer.ts:58: verify failed: a lease that was called is on the list still")
    /\ \E value \in {At(leaseList, IndexOf(leaseList, writer_cursor[w]) + 1, undefined)} :
         /\ leaseLock' = [leaseLock EXCEPT !.owner = w]
         /\ writer_pc' = [writer_pc EXCEPT ![w] = "iterate"]
         /\ writer_cursor' = [writer_cursor EXCEPT ![w] = IF value = undefined THEN null ELSE value]
         /\ UNCHANGED <<vcpu, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                        reader_pc, worker_pc, writer_v, writer_v_2>>

writer_drain(w) ==
    /\ writer_pc[w] = "drain"
    /\ LET Then(leaseList1, expired1, deferred1, rw1, leaseCv1, leaseLock1, writer_pc1) ==
               /\ Assert(leaseLock1.owner = w, "mutex.ts:29: verify failed: a mutex is released by its owner")
               /\ leaseLock' = [leaseLock1 EXCEPT !.owner = null]
               /\ leaseCv' = leaseCv1
               /\ leaseList' = leaseList1
               /\ expired' = expired1
               /\ deferred' = deferred1
               /\ rw' = rw1
               /\ writer_pc' = [writer_pc1 EXCEPT ![w] = "enterRw"]
       IN  IF variant \notin {"shippedFix", "corrected"}
           THEN Then(leaseList, expired, deferred, rw, leaseCv, leaseLock, writer_pc)
           ELSE LET Then_(leaseList1, expired1, deferred1, rw1) ==
                        IF leaseList1 = <<>>
                        THEN Then(leaseList1, expired1, deferred1, rw1, [leaseCv EXCEPT !.sleepers = {}], leaseLock,
                                  writer_pc)
                        ELSE /\ Assert(leaseLock.owner = w, "condvar.ts:23: verify failed: a thread that waits has the mutex")
                             /\ leaseLock' = [leaseLock EXCEPT !.owner = null]
                             /\ leaseCv' = [leaseCv EXCEPT !.sleepers = @ \cup {w}]
                             /\ leaseList' = leaseList1
                             /\ expired' = expired1
                             /\ deferred' = deferred1
                             /\ rw' = rw1
                             /\ writer_pc' = [writer_pc EXCEPT ![w] = "asleep"]
                IN  IF deferred[ring0]
                    THEN /\ Assert(ring0 \in rw.readers, "rwlock.ts:93: verify failed: only what was taken is given back")
                         /\ IF rw.readers \ {ring0} = {} /\ rw.waitingWriters # {}
                            THEN \E next \in rw.waitingWriters :
                                   Then_(SelectSeq(leaseList, LAMBDA other : other # ring0),
                                         [expired EXCEPT ![ring0] = FALSE], [deferred EXCEPT ![ring0] = FALSE],
                                         [rw EXCEPT !.readers = @ \ {ring0},
                                          !.waitingWriters = rw.waitingWriters \ {next}, !.writer = next])
                            ELSE Then_(SelectSeq(leaseList, LAMBDA other : other # ring0),
                                       [expired EXCEPT ![ring0] = FALSE], [deferred EXCEPT ![ring0] = FALSE],
                                       [rw EXCEPT !.readers = @ \ {ring0}])
                    ELSE Then_(leaseList, expired, deferred, rw)
    /\ UNCHANGED <<vcpu, blocker, ringLock, ringCv, ringLease, reader_pc, worker_pc, writer_v, writer_cursor,
                   writer_v_2>>

writer_asleep(w) ==
    /\ writer_pc[w] = "asleep"
    /\ w \notin leaseCv.sleepers
    /\ leaseLock.owner = null
    /\ leaseLock' = [leaseLock EXCEPT !.owner = w]
    /\ writer_pc' = [writer_pc EXCEPT ![w] = "drain"]
    /\ UNCHANGED <<vcpu, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease, reader_pc,
                   worker_pc, writer_v, writer_cursor, writer_v_2>>

writer_enterRw(w) ==
    /\ writer_pc[w] = "enterRw"
    /\ Assert(rw.writer # w, "rwlock.ts:44: verify failed: a writer enters once")
    /\ rw' = IF rw.writer = null /\ rw.readers = {}
             THEN [rw EXCEPT !.writer = w]
             ELSE [rw EXCEPT !.waitingWriters = @ \cup {w}]
    /\ writer_pc' = [writer_pc EXCEPT ![w] = "write"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, ringLock, ringCv, ringLease,
                   reader_pc, worker_pc, writer_v, writer_cursor, writer_v_2>>

writer_write(w) ==
    /\ writer_pc[w] = "write"
    /\ rw.writer = w
    /\ writer_pc' = [writer_pc EXCEPT ![w] = "unblock"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                   reader_pc, worker_pc, writer_v, writer_cursor, writer_v_2>>

writer_unblock(w) ==
    /\ writer_pc[w] = "unblock"
    /\ leaseLock.owner = null
    /\ Assert(blocker - 1 \in 0..1, "writer.ts:22: blocker is outside its domain")
    /\ leaseCv' = IF blocker - 1 = 0 THEN [leaseCv EXCEPT !.sleepers = {}] ELSE leaseCv
    /\ blocker' = blocker - 1
    /\ writer_pc' = [writer_pc EXCEPT ![w] = "exitRw"]
    /\ UNCHANGED <<vcpu, leaseLock, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease, reader_pc, worker_pc,
                   writer_v, writer_cursor, writer_v_2>>

writer_exitRw(w) ==
    /\ writer_pc[w] = "exitRw"
    /\ Assert(rw.writer = w, "rwlock.ts:103: verify failed: a write lock is released by its owner")
    /\ LET Then(rw1) ==
               IF 0 >= vcpus
               THEN IF writes # "endless"
                    THEN /\ rw' = rw1
                         /\ writer_pc' = [writer_pc EXCEPT ![w] = "done"]
                         /\ UNCHANGED writer_v_2
                    ELSE /\ rw' = rw1
                         /\ writer_pc' = [writer_pc EXCEPT ![w] = "ask"]
                         /\ UNCHANGED writer_v_2
               ELSE /\ rw' = rw1
                    /\ writer_pc' = [writer_pc EXCEPT ![w] = "unlockVcpu"]
                    /\ writer_v_2' = [writer_v_2 EXCEPT ![w] = 0]
       IN  IF rw.waitingReaders # {} /\ rw.waitingWriters # {}
           THEN \/ Then([rw EXCEPT !.writer = null, !.readers = rw.waitingReaders, !.waitingReaders = {}])
                \/ \E next \in rw.waitingWriters :
                     Then([rw EXCEPT !.writer = null, !.waitingWriters = rw.waitingWriters \ {next}, !.writer = next])
           ELSE IF rw.waitingReaders # {}
                THEN Then([rw EXCEPT !.writer = null, !.readers = rw.waitingReaders, !.waitingReaders = {}])
                ELSE IF rw.waitingWriters # {}
                     THEN \E next_2 \in rw.waitingWriters :
                            Then([rw EXCEPT !.writer = null, !.waitingWriters = rw.waitingWriters \ {next_2},
                                  !.writer = next_2])
                     ELSE Then([rw EXCEPT !.writer = null])
    /\ UNCHANGED <<vcpu, leaseLock, leaseCv, blocker, leaseList, expired, deferred, ringLock, ringCv, ringLease,
                   reader_pc, worker_pc, writer_v, writer_cursor>>

writer_unlockVcpu(w) ==
    /\ writer_pc[w] = "unlockVcpu"
    /\ Assert(writer_v_2[w] + 1 \in DOMAIN vcpu, "writer.ts:28: there is no such part to assign to")
    /\ \E value \in {writer_v_2[w] + 1} :
         IF value >= vcpus
         THEN IF writes # "endless"
              THEN /\ writer_pc' = [writer_pc EXCEPT ![w] = "done"]
                   /\ writer_v_2' = [writer_v_2 EXCEPT ![w] = 0]
              ELSE /\ writer_pc' = [writer_pc EXCEPT ![w] = "ask"]
                   /\ writer_v_2' = [writer_v_2 EXCEPT ![w] = 0]
         ELSE /\ Assert(value \in 0..0, "writer.ts:27: writer.v_2[] is outside its domain")
              /\ writer_pc' = [writer_pc EXCEPT ![w] = "unlockVcpu"]
              /\ writer_v_2' = [writer_v_2 EXCEPT ![w] = value]
    /\ vcpu' = [vcpu EXCEPT ![writer_v_2[w] + 1] = null]
    /\ UNCHANGED <<leaseLock, leaseCv, blocker, leaseList, expired, deferred, rw, ringLock, ringCv, ringLease,
                   reader_pc, worker_pc, writer_v, writer_cursor>>

\* `vmm_read_lock`, the operation, `vmm_read_unlock`.
reader(d) ==
    \/ reader_ask(d)
    \/ reader_enterRead(d)
    \/ reader_leave(d)

\* `viona_worker` while its ring waits to be started. Between `test` and `sleep` lies the window of illumos 14026.
worker(r) ==
    \/ worker_start(r)
    \/ worker_test(r)
    \/ worker_lockToBreak(r)
    \/ worker_break(r)
    \/ worker_checkRelease(r)
    \/ worker_lockToSign(r)
    \/ worker_sign(r)
    \/ worker_waitToSign(r)
    \/ worker_leaveSign(r)
    \/ worker_retakeRing(r)
    \/ worker_store(r)
    \/ worker_sleep(r)
    \/ worker_asleep(r)

\* `vmm_write_lock`, the operation, `vmm_write_unlock`. Steps are numbered as in README.md.
writer(w) ==
    \/ writer_ask(w)
    \/ writer_lockVcpu(w)
    \/ writer_block(w)
    \/ writer_iterate(w)
    \/ writer_expire(w)
    \/ writer_call(w)
    \/ writer_resume(w)
    \/ writer_drain(w)
    \/ writer_asleep(w)
    \/ writer_enterRw(w)
    \/ writer_write(w)
    \/ writer_unblock(w)
    \/ writer_exitRw(w)
    \/ writer_unlockVcpu(w)

Next ==
    \/ \E r \in Ring : signalWorker(r)
    \/ \E d \in Reader : reader(d)
    \/ \E r \in Ring : worker(r)
    \/ \E w \in Writer : writer(w)

\* A thread that can keep running, runs; but nobody has to ask for a lock.
scheduler ==
    /\ \A r \in Ring : WF_vars(worker(r))
    /\ \A w \in Writer : WF_vars(writer_pc[w] # "ask" /\ writer(w))
    /\ \A d \in Reader : WF_vars(reader_pc[d] # "ask" /\ reader(d))

\* A worker that stays asleep gets a signal, where there are signals.
fairSignals == \A r \in Ring : WF_vars(signalWorker(r))

Spec ==
    /\ Init
    /\ [][Next]_vars
    /\ scheduler
    /\ fairSignals

\* A writer holds the rwlock alone.
rwExclusion == rw.writer # null => rw.readers = {}

\* While a writer works, there are no leases. (Until it unblocks them, before it gives the rwlock back.)
writerExcludesLeases ==
    \A w \in Writer :
      (/\ writer_pc[w] \in {"iterate", "expire", "call", "resume", "drain", "asleep", "enterRw", "write", "unblock"}
       /\ rw.writer = w)
        => leaseList = <<>>

\* Every lease on the list has its read hold, but for one whose signer queues for it.
leasesHoldRw ==
    \A r \in Ring : r \in Range(leaseList) <=> r \in rw.readers \/ r \in rw.waitingReaders

\* The blocker count is the number of writers between block and unblock.
blockerCount ==
    blocker = Cardinality({w \in Writer : writer_pc[w] \in {"iterate", "expire", "call", "resume", "drain", "asleep",
                                                            "enterRw", "write", "unblock"}})

\* A ring that has a lease has it on the list, and has not broken it.
leaseListed == \A r \in Ring : ringLease[r] => r \in Range(leaseList) /\ ~deferred[r]

\* One writer at a time is past the vCPU locks.
vcpuExclusion ==
    Cardinality({w \in Writer : writer_pc[w] \in {"block", "iterate", "expire", "call", "resume", "drain", "asleep",
                                                  "enterRw", "write", "unblock", "exitRw"}}) <= 1

\* Nobody takes a ring lock while holding the lease lock: workers take the lease lock while holding their ring lock.
lockOrder ==
    \A w \in Writer : variant # "beforeTheFix" /\ writer_pc[w] = "call" => leaseLock.owner # w

\* Nobody sleeps on the lease condition variable with a ring lock that a callback may need.
noSleepHoldingRing == \A r \in Ring : r \in leaseCv.sleepers => ringLock[r].owner # r

\* Breaking is deferred only while leases are blocked.
deferredWhileBlocked == \A r \in Ring : deferred[r] => blocker > 0

\* As long as a lease is on the list its flags only rise.
flagsOnlyRise ==
    [][\A r \in Ring : r \in Range(leaseList) /\ r \in Range(leaseList') => (expired[r] => expired'[r]) /\ (deferred[r] => deferred'[r])]_vars

\* Everybody who was to ask has asked and is done, and the workers sleep with leases that nobody wants back.
finished ==
    /\ \A w \in Writer : writer_pc[w] = "done"
    /\ \A d \in Reader : reader_pc[d] = "done"
    /\ \A r \in Ring : r \in ringCv[r].sleepers

NoDeadlock ==
    \/ finished
    \/ ENABLED Next

\* P1: a thread that has all vCPUs gets the write lock.
writeLockIsGot ==
    \A w \in Writer :
      writer_pc[w] \in {"block", "iterate", "expire", "call", "resume", "drain", "asleep", "enterRw", "write",
                        "unblock"} /\ rw.writer # w ~> rw.writer = w

\* P2: an expired lease leaves the list.
expiredLeaseGoes ==
    \A r \in Ring : r \in Range(leaseList) /\ expired[r] ~> r \notin Range(leaseList)

\* P4: a worker that signs a lease gets it. Only where writers stop coming: a storm of writers can keep a signer out for
\* ever, since the condition variable gives nobody a turn.
signerGetsThrough ==
    \A r \in Ring : writes = "once" /\ worker_pc[r] = "lockToSign" ~> worker_pc[r] = "leaveSign"

\* P5: a thread that asks for the read lock gets it.
readLockIsGot == \A d \in Reader : reader_pc[d] = "enterRead" ~> d \in rw.readers

==============================================================================
