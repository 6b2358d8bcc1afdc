import { homedir, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where Fairlead may keep what it can work out again: `FAIRLEAD_CACHE`, or the place that the operating system has for
 * such things. Undefined when the arguments say `--no-cache`, or there is no such place.
 */
export function cacheFolder(args: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  if (args.includes('--no-cache')) return undefined;
  const { FAIRLEAD_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (FAIRLEAD_CACHE !== undefined && FAIRLEAD_CACHE !== '') return FAIRLEAD_CACHE;
  // A relative path is no place of the system's: what is kept would lie about in whatever folder the command runs in.
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'fairlead');
  if (platform() === 'win32' && LOCALAPPDATA !== undefined) return join(LOCALAPPDATA, 'fairlead');
  const home = homeFolder();
  if (home === undefined) return undefined;
  return platform() === 'darwin' ? join(home, 'Library', 'Caches', 'fairlead') : join(home, '.cache', 'fairlead');
}

function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined; // the system knows no user of this number
  }
}
