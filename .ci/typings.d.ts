/** Texts by the name of their file: what every spec needs, and what those need that use `fairlead/sync`. */
export function typings(): Readonly<Record<string, string>>;
