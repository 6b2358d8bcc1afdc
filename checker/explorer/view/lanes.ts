import type { CSSProperties } from 'preact';
import type { Course } from '../course.ts';
import type { Subject } from '../subject.ts';

/** Hues that can be told apart side by side, in light and in dark. */
const HUES = [214, 24, 152, 284, 340, 190, 48, 110];

/** The color of a lane, and its place among those that are drawn. */
export function laneStyle(lane: number, position: number): CSSProperties {
  return { '--hue': HUES[lane % HUES.length]!, '--lane': position };
}

/**
 * Which lanes to draw: of threads that are never possible none, and of many only those that do something in the
 * behavior. Stable while a reader goes on from it, but for lanes that their own steps add.
 */
export function drawnLanes({ lanes, laneOf, model }: Subject, course: Course): readonly number[] {
  const fired = new Set(model.result.coverage.flatMap((one, id) => (one.fired > 0 ? [laneOf[id]!] : [])));
  const acting = new Set(course.instances.flatMap((id) => (id < 0 ? [] : [laneOf[id]!])));
  const all = lanes.map((_, lane) => lane);
  const alive = all.filter((lane) => fired.size === 0 || fired.has(lane) || acting.has(lane));
  return alive.length <= MOST_LANES ? alive : alive.filter((lane) => acting.has(lane));
}

/** More lanes than this are only drawn where something happens in them. */
const MOST_LANES = 10;
