import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Times differ from run to run, and nothing else does. */
export function withoutTimes(text: string): string {
  return text.replaceAll(/ *<?[\d.]+ (ms|s)\b/g, ' …');
}

/** A spec file in parts: its imports, and what each const is given, by name; a tutorial changes it part by part. */
class Draft {
  readonly #parts = new Map<string, string>();

  /** Each part replaces what has the same name, and is added otherwise; imports come first. */
  change(block: string): void {
    for (const part of block.trim().split(/\n\s*\n(?=\S)/)) {
      const name = part.startsWith('import') ? 'import' : /^(?:export )?const (\w+)/m.exec(part)![1]!;
      this.#parts.set(name, part);
    }
  }

  get text(): string {
    return [...this.#parts.values(), ''].join('\n\n');
  }
}

/** What a command of the page printed, and what the page shows; without times. */
interface Output {
  readonly printed: string;
  readonly shown: string;
}

/**
 * Does what the tutorial says, in the folder of a project where Fairlead is installed.
 *
 * @param run - runs the command with these arguments, in that folder.
 * @throws Error where what `init` writes is not what the page begins with, or the page says what cannot be done here.
 */
export async function walkTutorial(
  page: string,
  folder: string,
  run: (args: readonly string[]) => Promise<{ readonly out: string; readonly error: string }>,
): Promise<readonly Output[]> {
  const draft = new Draft();
  const place = join(folder, 'specs/lock.ts');
  const outputs: Output[] = [];
  let printed = '';
  for (const [, language, block] of page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (language === 'ts') {
      draft.change(block!);
      const isFirst = outputs.length === 1;
      if (isFirst && readFileSync(place, 'utf8').trim() !== draft.text.trim())
        throw new Error('init writes another spec');
      writeFileSync(place, draft.text);
    } else if (language === 'sh') {
      for (const line of block!.trim().split('\n')) {
        if (line === 'npm install --save-dev fairlead') continue;
        const [npx, command, ...args] = line.split(' ');
        if (npx !== 'npx' || command !== 'fairlead') throw new Error(`the tutorial says ${line}`);
        const { out, error } = await run(args);
        printed = out + error;
      }
    } else if (language === 'text') {
      outputs.push({ printed: withoutTimes(printed), shown: withoutTimes(block!) });
    }
  }
  return outputs;
}
