// What the benches share: their options, a folder to write to, and running the command so that what it uses is known.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
export const command = join(root, 'dist', 'cli.cjs');

/** Goes away when the bench ends. */
export const folder = mkdtempSync(join(tmpdir(), 'fairlead-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What the bench was asked for: `--only text`, `--repeat n`, `--json file`, and `more` of its own. */
export function readOptions(more = {}) {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      repeat: { type: 'string', default: '3' },
      json: { type: 'string' },
      ...more,
    },
  });
  return { ...values, repeat: Number(values.repeat) };
}

/** Writes all that was measured, where that was asked for. */
export function writeResults({ json }, results) {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** Runs `fairlead check` on one model: its part of the JSON report, with `cpu` and `rss` of the whole command. */
export function checkModel({ spec, model, set = {} }, more) {
  const args = ['check', spec, '--model', model, ...settingArgs(set), '--format', 'json', ...more];
  const { stdout, stderr, cpu, rss } = runMeasured([command, ...args]);
  const checked = JSON.parse(stdout || 'null')?.models?.[0];
  if (checked === undefined) throw new Error(`${args.join(' ')}: ${stderr}`);
  return { ...checked, cpu, rss };
}

export function settingArgs(set) {
  return Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

/** Runs node: CPU seconds of the whole process as the system counts them, from its start until nothing of it is left. */
export function cpuOf(args, environment = {}) {
  const timed = ['-c', `TIMEFORMAT='%3U %3S'; time "$@" >'${join(folder, 'out')}' 2>&1`, 'bash'];
  const { stderr, error } = spawnSync('bash', [...timed, process.execPath, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...withoutCertificates(), ...environment },
  });
  if (error !== undefined) throw error;
  const [user, system] = stderr.trim().split(' ').map(Number);
  return user + system;
}

/** Runs node: what it says, CPU seconds of the process with all its threads, peak memory in bytes. */
function runMeasured(args, environment = {}) {
  const usage = join(folder, 'usage.json');
  rmSync(usage, { force: true });
  const { stdout, stderr } = spawnSync(process.execPath, ['--require', join(here, 'usage.cjs'), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...withoutCertificates(), ...environment, FAIRLEAD_BENCH_USAGE: usage },
  });
  return { stdout, stderr, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

/** Reading certificates that nobody asks for costs Node.js 20 as much as starting does. */
function withoutCertificates() {
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  return inherited;
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1];
}
