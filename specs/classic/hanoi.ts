import { either, spec, when, z } from 'fairlead';

/**
 * The towers of Hanoi: disks are moved one by one, and never onto a smaller one.
 *
 * Édouard Lucas's puzzle of 1883. Disks on a tower are always in order, so it is enough to say on which tower each is.
 *
 * @notModeled
 * Nothing: the puzzle has no more to it.
 */
export const hanoi = spec('towers of Hanoi', {
  params: { disks: z.int().min(1).max(6).default(5), towers: z.int().min(2).max(4).default(3) },
  state: (p) => ({
    /** The tower of each disk, the smallest disk first. */
    tower: z
      .array(
        z
          .int()
          .min(0)
          .max(p.towers - 1),
      )
      .length(p.disks),
  }),
});

/**
 * Moves a disk that lies uppermost to another tower, because that is empty or because no disk there is smaller: two ways
 * to the same state where both are true.
 */
export const move = hanoi.action(
  (p) => ({
    disk: z
      .int()
      .min(0)
      .max(p.disks - 1),
    to: z
      .int()
      .min(0)
      .max(p.towers - 1),
  }),
  (s, { disk, to }) => {
    const from = s.tower[disk]!;
    when(from !== to);
    const smaller = s.tower.slice(0, disk);
    when(!smaller.includes(from));
    either(
      () => when(!smaller.includes(to)),
      () => when(!s.tower.includes(to)),
    );
    s.tower[disk] = to;
  },
);

/** All disks lie on the last tower. */
export const solved = hanoi.sometimes((s, p) => s.tower.every((tower) => tower === p.towers - 1));

export const fiveDisks = hanoi.model({}, { distinct: 243 });

/** Near miss: with two towers only the smallest disk ever moves. */
export const twoTowers = hanoi.model({ towers: 2 }, { unreachable: [solved], distinct: 2 });
