import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/**
 * Where Fairlead may keep what it can work out again: `FAIRLEAD_CACHE`, or the place that the operating system has for
 * such things. Undefined when the arguments say `--no-cache`.
 */
export function cacheFolder(args: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  if (args.includes('--no-cache')) return undefined;
  const { FAIRLEAD_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (FAIRLEAD_CACHE !== undefined && FAIRLEAD_CACHE !== '') return FAIRLEAD_CACHE;
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== '') return join(XDG_CACHE_HOME, 'fairlead');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'fairlead');
  if (platform() === 'win32' && LOCALAPPDATA !== undefined) return join(LOCALAPPDATA, 'fairlead');
  return join(homedir(), '.cache', 'fairlead');
}
