import { all, leadsTo, spec, strong, weak, when, z } from 'fairlead';

const Floor = z.int().min(0).max(3);

/**
 * A lift that goes on in its direction as long as somebody is waiting there, and turns around otherwise.
 *
 * The "elevator algorithm", known from D. E. Knuth, The Art of Computer Programming 1, section 2.2.5, and from disk
 * scheduling. Its point is that everybody is served; going to the nearest call looks as good and is not.
 *
 * @notModeled
 * Doors, time, weight, and more than one lift.
 */
export const elevator = spec('elevator', {
  params: { strategy: z.enum(['onward', 'nearest']).default('onward') },
  state: () => ({
    floor: Floor,
    direction: z.enum(['up', 'down']),
    open: z.boolean(),
    /** Where somebody is waiting for the lift. */
    calls: z.set(Floor),
  }),
});

/** Somebody presses the button where the lift does not stand open. */
export const call = elevator.action({ floor: Floor }, (s, { floor }) => {
  when(!(s.open && s.floor === floor));
  s.calls.add(floor);
});

export const openDoor = elevator.action((s) => {
  when(!s.open && s.calls.has(s.floor));
  s.open = true;
  s.calls.delete(s.floor);
});

export const closeDoor = elevator.action((s) => {
  when(s.open);
  s.open = false;
});

/** Moves by one floor; no call is passed by. */
export const move = elevator.action((s, p) => {
  when(!s.open && s.calls.size > 0 && !s.calls.has(s.floor));
  const above = s.calls.size > 0 && all(Floor, (floor) => !s.calls.has(floor) || s.floor < floor);
  const below = s.calls.size > 0 && all(Floor, (floor) => !s.calls.has(floor) || floor < s.floor);
  if (above) s.direction = 'up';
  else if (below) s.direction = 'down';
  else if (p.strategy === 'nearest') s.direction = nearestIsAbove(s.floor, s.calls) ? 'up' : 'down';
  s.floor += s.direction === 'up' ? 1 : -1;
});

/** The lift never moves with an open door. */
export const closedWhileMoving = elevator.step((s, next) => s.floor === next.floor || (!s.open && !next.open));

/** Whoever calls the lift can enter it. */
export const everybodyIsServed = elevator.property((s) =>
  all(Floor, (floor) => leadsTo(s.calls.has(floor), s.open && s.floor === floor)),
);

/**
 * The lift does its work; nobody has to call it. Somebody who keeps pressing the button where the lift is could hold it
 * there for ever: it must get away at last if it can again and again.
 */
export const machinery = elevator.fairness(weak(openDoor, closeDoor), strong(move));

export const onward = elevator.model({}, { distinct: 168 });

/** Near miss: two busy floors keep the lift between them. */
export const nearest = elevator.model({ strategy: 'nearest' }, { violates: [everybodyIsServed], distinct: 168 });

/** Whether a call above is nearer than all below; above is also where it goes when both are as near. */
function nearestIsAbove(floor: number, calls: ReadonlySet<number>): boolean {
  for (const distance of [1, 2, 3]) {
    if (calls.has(floor + distance)) return true;
    if (calls.has(floor - distance)) return false;
  }
  return true;
}
