#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { cacheFolder } from './cache-folder.ts';
import { codeLoader } from './code-cache.ts';
import type { start as Start } from './main.ts';
import { prepareForShortRun } from './optimizer.ts';

// The first file of the command, and all of it that Node.js loads by itself: the rest comes with its compiled code.
if (isMainThread) prepareForShortRun();
const args = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, 'command') + sep;
const folder = cacheFolder(args, process.env);
const build = folder === undefined ? undefined : readFileSync(join(program, 'build-id'), 'utf8');
const loader = codeLoader(
  folder && join(folder, 'code'),
  `${isMainThread ? (/^[a-z]+$/.exec(args[0] ?? '')?.[0] ?? 'none') : 'thread'}-${build}-${process.versions.v8}-${process.arch}`,
  (path) => path.startsWith(program),
);
const { start } = loader.load(join(program, 'main.cjs')) as { start: typeof Start };
const cache = build === undefined ? undefined : { folder: folder!, build };
void start(new URL(import.meta.url), args, cache).then(() => loader.save());
