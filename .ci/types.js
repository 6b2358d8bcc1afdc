// Builds dist/types/, or the folder that is named: what TypeScript reads of the package in place of its sources. Also
// npm's `prepublish` and `prepack`, as .ci/build.js is. It is the same text twice, for `import` and for `require`:
// whether a declaration file is an ECMAScript module or CommonJS is what the package.json above it says, and with it
// whose typings of zod it means.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The one that is written in Go: only declarations are wanted, and it has them in a third of the time. */
const COMPILER = 'node_modules/typescript-7/bin/tsc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [dir = 'dist/types'] = process.argv.slice(2);
/** Says what was built of which sources. */
const stamp = `.fairlead/built-from/${dir.replaceAll('/', '-')}`;
const sources = digestOf([
  ...['dsl', 'checker'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', '.ci/types.js'],
]);
if (existsSync(dir) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) process.exit();
const made = `${dir}.new`;
rmSync(made, { recursive: true, force: true });
const emit = [COMPILER, '-p', 'tsconfig.build.json', '--outDir', `${made}/import`];
const { status } = spawnSync(process.execPath, emit, { stdio: 'inherit' });
if (status === 0) {
  withoutUnreached(`${made}/import`);
  withoutArrayBuffers(`${made}/import`);
  cpSync(`${made}/import`, `${made}/require`, { recursive: true });
  for (const [kind, type] of Object.entries({ import: 'module', require: 'commonjs' })) {
    writeFileSync(`${made}/${kind}/package.json`, `${JSON.stringify({ type })}\n`);
  }
  rmSync(dir, { recursive: true, force: true });
  renameSync(made, dir);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}
process.exitCode = status ?? 1;

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.filter((one) => /\.([jt]s|json)$/.test(one)).sort()) {
    hash.update(path).update('\0').update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Keeps what the entries of the package are made of: all else describes what nobody can import. */
function withoutUnreached(folder) {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  const entries = Object.values(exports).flatMap((entry) => entry.import?.types ?? []);
  const reached = new Set();
  const visit = (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    const text = readFileSync(join(folder, path), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
    for (const [, specifier] of text.matchAll(/(?:\bfrom |\bimport ?\(?)['"](\.[^'"]*)\.[jt]s['"]/g)) {
      visit(join(dirname(path), `${specifier}.d.ts`));
    }
  };
  for (const entry of entries) visit(relative('dist/types/import', entry));
  for (const name of readdirSync(folder, { recursive: true })) {
    if (name.endsWith('.d.ts') && !reached.has(name)) rmSync(join(folder, name));
  }
}

/** TypeScript before 5.7 knows typed arrays without their buffers only. */
function withoutArrayBuffers(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!path.endsWith('.d.ts')) continue;
    const text = readFileSync(path, 'utf8');
    const plain = text.replaceAll(/\b(\w+Array)<(Shared)?ArrayBuffer(Like)?>/g, '$1');
    if (plain !== text) writeFileSync(path, plain);
  }
}
