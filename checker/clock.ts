/**
 * Milliseconds since some moment in the past. Node.js has `performance.now()` too, and takes two milliseconds to load it.
 */
export function clock(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
