----------------------- MODULE SleepingBarber_correct -----------------------
\* sleeping barber, model correct
\*
\* A barber who sleeps while nobody waits, and customers who wake him or take a chair while there is one.
\*
\* E. W. Dijkstra, "Cooperating sequential processes", 1965. The trap is the moment between the barber's look
\* into the waiting room and his falling asleep.
\*
\* This module is for customers = 3, chairs = 2, atomic = true: other values need another module.
\*
\* Left out, as these values rule them out:
\* - steps that are never possible: barber.turnAway.
\* - variables that never change: barber.empty (false).
\*
\* Written by Fairlead.

EXTENDS Integers, Sequences, TLC

Range(f) == {f[x] : x \in DOMAIN f}

\* The element at a position from 0 on, or from the end if negative.
At(s, i, absent) == LET j == IF i < 0 THEN Len(s) + i ELSE i IN IF 0 <= j /\ j < Len(s) THEN s[j + 1] ELSE absent

CONSTANTS
    c0,
    c1,
    c2,
    null,
    undefined

Customer == {c0, c1, c2}

VARIABLES
    asleep,
    chairs, \* Who waits, in the order of their coming.
    inTheChair,
    barber_pc,
    customer_pc

vars == <<asleep, chairs, inTheChair, barber_pc, customer_pc>>

TypeInvariant ==
    /\ asleep \in BOOLEAN
    /\ chairs \in Seq(Customer)
    /\ Len(chairs) \in 0..2
    /\ inTheChair \in Customer \cup {null}
    /\ barber_pc \in {"look", "call", "finish"}
    /\ customer_pc \in [Customer -> {"enter", "wait"}]

Init ==
    /\ asleep = FALSE
    /\ chairs = <<>>
    /\ inTheChair = null
    /\ barber_pc = "look"
    /\ customer_pc = [c \in Customer |-> "enter"]

barber_look ==
    /\ barber_pc = "look"
    /\ asleep' = (chairs = <<>> \/ asleep)
    /\ barber_pc' = "call"
    /\ UNCHANGED <<chairs, inTheChair, customer_pc>>

barber_call ==
    /\ barber_pc = "call"
    /\ ~asleep
    /\ Assert(At(chairs, 0, undefined) \in Customer \cup {null},
              "sleeping-barber.ts:37: inTheChair is outside its domain")
    /\ chairs' = SubSeq(chairs, 2, Len(chairs))
    /\ inTheChair' = At(chairs, 0, undefined)
    /\ barber_pc' = "finish"
    /\ UNCHANGED <<asleep, customer_pc>>

barber_finish ==
    /\ barber_pc = "finish"
    /\ inTheChair' = null
    /\ barber_pc' = "look"
    /\ UNCHANGED <<asleep, chairs, customer_pc>>

customer_enter(c) ==
    /\ customer_pc[c] = "enter"
    /\ IF Len(chairs) = 2
       THEN /\ customer_pc' = [customer_pc EXCEPT ![c] = "enter"]
            /\ UNCHANGED <<asleep, chairs>>
       ELSE /\ Assert(Len(Append(chairs, c)) <= 2, "sleeping-barber.ts:47: chairs is outside its domain")
            /\ asleep' = FALSE
            /\ chairs' = Append(chairs, c)
            /\ customer_pc' = [customer_pc EXCEPT ![c] = "wait"]
    /\ UNCHANGED <<inTheChair, barber_pc>>

customer_wait(c) ==
    /\ customer_pc[c] = "wait"
    /\ c \notin Range(chairs)
    /\ inTheChair # c
    /\ customer_pc' = [customer_pc EXCEPT ![c] = "enter"]
    /\ UNCHANGED <<asleep, chairs, inTheChair, barber_pc>>

barber ==
    \/ barber_look
    \/ barber_call
    \/ barber_finish

customer(c) ==
    \/ customer_enter(c)
    \/ customer_wait(c)

Next ==
    \/ barber
    \/ \E c \in Customer : customer(c)

\* The barber works, and customers do what they came for; nobody has to come.
business ==
    /\ WF_vars(barber)
    /\ \A c \in Customer : WF_vars(customer_pc[c] # "enter" /\ customer(c))

Spec ==
    /\ Init
    /\ [][Next]_vars
    /\ business

\* The barber sleeps only while nobody waits.
wakeful == ~(asleep /\ chairs # <<>>)

\* Whoever has taken a chair gets his hair cut.
served == \A c \in Customer : c \in Range(chairs) ~> inTheChair = c

\* Ids are interchangeable: TLC may take states that differ only in them for one (for safety only).
Symmetry == Permutations(Customer)

==============================================================================
