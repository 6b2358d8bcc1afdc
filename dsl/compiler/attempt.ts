import type { Unit } from './unit.ts';

/**
 * For lowering that may turn out to be of no use, and is then done again in another way: remembers what a unit knows.
 *
 * @returns forgets what has been lowered since, its diagnostics and what it has done to names, as if it had not been
 *   tried. Statements are the caller's: what may be dropped is lowered into a list of its own.
 */
export function attempt(unit: Unit): () => void {
  const { ties, decided, hasChoices } = unit;
  const [reported, changed] = [unit.diagnostics.length, unit.changes.length];
  const { made, asked } = unit.fieldOrders;
  const orders = [made.length, asked.length] as const;
  const aliases = unit.aliases.map((alias) => ({
    alias,
    uses: alias.uses,
    detached: alias.detached,
    lost: alias.lost,
  }));
  const locals = unit.locals.map((local) => ({
    local,
    was: { uses: local.uses, usedAt: local.usedAt, lost: local.lost, frozen: local.frozen },
    shares: [...local.shares],
  }));
  return () => {
    unit.diagnostics.length = reported;
    unit.changes.length = changed;
    [made.length, asked.length] = orders;
    Object.assign(unit, { ties, decided, hasChoices });
    for (const { alias, ...was } of aliases) Object.assign(alias, was);
    for (const { local, was, shares } of locals) {
      Object.assign(local, was);
      local.shares.splice(0, local.shares.length, ...shares);
    }
    unit.aliases.splice(0, unit.aliases.length, ...aliases.map(({ alias }) => alias));
    unit.locals.splice(0, unit.locals.length, ...locals.map(({ local }) => local));
  };
}
