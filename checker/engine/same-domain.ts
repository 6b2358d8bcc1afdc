import type { Domain } from '../../dsl/ir/index.ts';

const keys = new WeakMap<Domain, string>();

/** `equalDomains`, for the many comparisons of code generation: each domain is written out once. */
export function sameDomain(left: Domain, right: Domain): boolean {
  return left === right || (left.kind === right.kind && keyOf(left) === keyOf(right));
}

function keyOf(domain: Domain): string {
  let key = keys.get(domain);
  if (key === undefined) keys.set(domain, (key = JSON.stringify(domain)));
  return key;
}
