/** Whether a place is another, or a part of it; both as texts, `lease[r0]` and `lease[r0].owner`. */
export function isWithin(path: string, whole: string): boolean {
  return path.startsWith(whole) && ['', '.', '['].includes(path.charAt(whole.length));
}
