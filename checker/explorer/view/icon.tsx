/** Drawn by ourselves: what fonts have for these differs from machine to machine. */
const PATHS = {
  first: 'M4 3v10M13 3l-7 5 7 5z',
  back: 'M11 3l-7 5 7 5z',
  on: 'M5 3l7 5-7 5z',
  last: 'M12 3v10M3 3l7 5-7 5z',
  play: 'M5 3l8 5-8 5z',
  stop: 'M5 3v10M11 3v10',
  sun: 'M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.1 1.1M11.9 11.9L13 13M3 13l1.1-1.1M11.9 4.1L13 3',
  moon: 'M12.5 10A5.5 5.5 0 016 3.5a5.5 5.5 0 106.5 6.5z',
  auto: 'M8 2a6 6 0 100 12zM8 2a6 6 0 010 12',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class={`icon ${name}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
