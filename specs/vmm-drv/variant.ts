import type { Parameters } from './state.ts';

/* What the variants do differently, and the mutations: each question is asked in one or two places of the spec. */

/** Whether the lease lock is dropped while a holder is called, and leases broken meanwhile wait for the blocker. */
export function dropsLeaseLock(p: Parameters): boolean {
  return p.variant === 'shippedFix' || p.variant === 'corrected';
}

/** Whether a lease is marked expired only when its holder is called, or after that. */
export function expiresLate(p: Parameters): boolean {
  return p.mutation === 'callThenExpire' || p.mutation === 'expireInCallback';
}

/** Whether a lease that is broken while leases are blocked stays on the list, for the blocker to remove. */
export function defersBreaks(p: Parameters): boolean {
  return dropsLeaseLock(p) && p.mutation !== 'breakAtOnce';
}

/** Whether the callback takes the ring lock. */
export function callsUnderRingLock(p: Parameters): boolean {
  return p.variant !== 'beforeTheFix';
}

/** Whether whoever signs a lease gives up the ring lock for it. */
export function signsWithoutRingLock(p: Parameters): boolean {
  return p.variant === 'corrected' && p.mutation !== 'signHoldingRingLock';
}

/** Whether loops test everything again after the ring lock was dropped, before they sleep. */
export function testsBeforeSleep(p: Parameters): boolean {
  return p.variant === 'corrected';
}

/** Whether the transmit loop makes up its mind without the ring lock. */
export function samplesWithoutLock(p: Parameters): boolean {
  return p.txLoop === 'sampling' && p.variant !== 'corrected';
}

/** Whether a link is deleted only when none of its leases is on the list. */
export function waitsForLeaseBeforeFree(p: Parameters): boolean {
  return p.variant === 'corrected' && p.mutation !== 'freeLeasedRing';
}

/** Whether a signer that has waited looks again whether the VM is being destroyed. */
export function testsReleaseAfterWait(p: Parameters): boolean {
  return p.variant === 'corrected' && p.mutation !== 'releaseTestedOnce';
}

/** How many vCPUs a writer locks. */
export function vcpusToLock(p: Parameters): number {
  return p.vcpuLocks === 'none' ? 0 : p.vcpus;
}
