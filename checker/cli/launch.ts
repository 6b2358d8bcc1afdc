#!/usr/bin/env node
import { prepareForShortRun } from './optimizer.ts';
import { loadProgram } from './program.ts';

// The first file of the command, and with what it imports all of it that Node.js loads by itself.
prepareForShortRun();
const entry = new URL(import.meta.url);
const { main, args, cache, save } = loadProgram(entry, ([command]) => /^[a-z]+$/.exec(command ?? '')?.[0] ?? 'none');
void main.start(entry, args, cache).then(save);
