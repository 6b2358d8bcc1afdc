import { loadProgram } from './program.ts';

// The first file of a worker thread; `launch.ts` is that of the process. Asking Node.js which of the two a thread is
// costs more than a second file.
const { main, save } = loadProgram(new URL(import.meta.url), () => 'thread');
void main.serve().then(save);
