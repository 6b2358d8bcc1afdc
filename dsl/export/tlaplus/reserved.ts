/** TLA+'s own words, which nothing may be called, no field of a record either. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  [
    'ACTION ASSUME ASSUMPTION AXIOM BY CASE CHOOSE CONSTANT CONSTANTS COROLLARY DEF DEFINE DEFS DOMAIN ELSE',
    'ENABLED EXCEPT EXTENDS HAVE HIDE IF IN INSTANCE LAMBDA LEMMA LET LOCAL MODULE NEW OBVIOUS OMITTED ONLY OTHER',
    'PICK PROOF PROPOSITION PROVE QED RECURSIVE STATE STRONG_FAIRNESS SUBSET SUFFICES TAKE TEMPORAL THEN THEOREM',
    'UNCHANGED UNION USE VARIABLE VARIABLES WEAK_FAIRNESS WITH WITNESS TRUE FALSE BOOLEAN STRING',
  ].flatMap((line) => line.split(' ')),
);

/** What a name in an exported module must not be: TLA+'s words, the standard modules' operators, and our own. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...KEYWORDS,
  ...[
    // Integers, Sequences, FiniteSets, TLC
    'Nat Int Real Seq Len Append Head Tail SubSeq SelectSeq IsFiniteSet Cardinality Print PrintT Assert JavaTime TLCGet',
    'TLCSet Permutations SortSeq RandomElement Any ToString TLCEval TLC Integers Naturals Sequences FiniteSets',
    // Words of TLC's configuration files
    'INIT NEXT SPECIFICATION INVARIANT INVARIANTS PROPERTY PROPERTIES CONSTRAINT CONSTRAINTS SYMMETRY VIEW ALIAS',
    'CHECK_DEADLOCK POSTCONDITION ACTION_CONSTRAINT ACTION_CONSTRAINTS TYPE TYPE_CONSTRAINT POSTCONDITIONS',
    // Ours
    'vars Init Next Spec TypeInvariant NoDeadlock Symmetry When BoundedSeq Range Minimum Maximum Absolute Truncate',
    'Remainder IndexOf At Slice Min Max',
  ].flatMap((line) => line.split(' ')),
]);
