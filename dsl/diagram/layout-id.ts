/** The id of a node for Dagre, which keeps nodes in objects and takes what every object has for one that it knows. */
export function layoutId(id: string): string {
  return id in Object.prototype ? `\u0000${id}` : id;
}
