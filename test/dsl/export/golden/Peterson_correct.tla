-------------------------- MODULE Peterson_correct --------------------------
\* Peterson, model correct
\*
\* Mutual exclusion of two processes with two flags and a turn.
\*
\* G. L. Peterson, "Myths about the mutual exclusion problem", Information Processing Letters 12(3), 1981. Who
\* wants in says so, then gives the other one the turn; the order of these two writes is all there is to it.
\*
\* This module is for order = flagThenTurn: other values need another module.
\*
\* Written by Fairlead.

EXTENDS Integers, FiniteSets

\* The condition of a step as a value: without this, TLC would take its alternatives for alternatives of the step.
When(condition) == condition = TRUE

CONSTANTS
    p0,
    p1

Process == {p0, p1}

VARIABLES
    wants,
    turn,
    pc

vars == <<wants, turn, pc>>

TypeInvariant ==
    /\ wants \in [Process -> BOOLEAN]
    /\ turn \in Process
    /\ pc \in [Process -> {"rest", "first", "second", "wait", "critical", "leave"}]

Init ==
    /\ wants = [k \in Process |-> FALSE]
    /\ turn = p0
    /\ pc = [me \in Process |-> "rest"]

process_rest(me) ==
    /\ pc[me] = "rest"
    /\ pc' = [pc EXCEPT ![me] = "first"]
    /\ UNCHANGED <<wants, turn>>

process_first(me) ==
    /\ pc[me] = "first"
    /\ wants' = [wants EXCEPT ![me] = TRUE]
    /\ pc' = [pc EXCEPT ![me] = "second"]
    /\ UNCHANGED turn

process_second(me) ==
    /\ pc[me] = "second"
    /\ turn' = IF p1 # me THEN p1 ELSE IF p0 # me THEN p0 ELSE turn
    /\ pc' = [pc EXCEPT ![me] = "wait"]
    /\ UNCHANGED wants

process_wait(me) ==
    /\ pc[me] = "wait"
    /\ When(turn = me \/ (\A other \in Process : other = me \/ ~wants[other]))
    /\ pc' = [pc EXCEPT ![me] = "critical"]
    /\ UNCHANGED <<wants, turn>>

process_critical(me) ==
    /\ pc[me] = "critical"
    /\ pc' = [pc EXCEPT ![me] = "leave"]
    /\ UNCHANGED <<wants, turn>>

process_leave(me) ==
    /\ pc[me] = "leave"
    /\ wants' = [wants EXCEPT ![me] = FALSE]
    /\ pc' = [pc EXCEPT ![me] = "rest"]
    /\ UNCHANGED turn

process(me) ==
    \/ process_rest(me)
    \/ process_first(me)
    \/ process_second(me)
    \/ process_wait(me)
    \/ process_critical(me)
    \/ process_leave(me)

Next == \E me \in Process : process(me)

\* Whoever has begun goes on; nobody has to begin.
scheduler == \A me \in Process : WF_vars(pc[me] # "rest" /\ process(me))

Spec ==
    /\ Init
    /\ [][Next]_vars
    /\ scheduler

\* Never are both inside.
mutualExclusion == Cardinality({me \in Process : pc[me] \in {"critical", "leave"}}) <= 1

\* Who wants in gets in.
wantsLeadsToEntry == \A me \in Process : pc[me] = "first" ~> pc[me] = "critical"

==============================================================================
