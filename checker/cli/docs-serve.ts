/** `fairlead docs --serve`: pages on a server of this machine, which follow the specs while these are edited. */
import { isStackOverflow } from '../../dsl/diagnostics/stack-overflow.ts';
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import { documentedModels, pagesOf } from './docs-pages.ts';
import type { PagesRequest } from './docs-pages.ts';
import { answerOf, NO_SITE, siteOf, sourceHref } from './docs-site.ts';
import type { Site } from './docs-site.ts';
import { checkSpecs } from './docs-specs.ts';
import type { Memory, SpecsRequest } from './docs-specs.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { openInBrowser } from './open-in-browser.ts';
import { openPageServer } from './page-server.ts';
import { areSameSpecs, ChangeAlarm, signatureOf, untilChanged } from './file-changes.ts';
import { UsageProblem } from './problem.ts';
import { specMemory } from './spec-memory.ts';
import type { Host } from './host.ts';

interface ServeRequest extends SpecsRequest, Omit<PagesRequest, 'format'> {
  /** 0: any that is free. */
  readonly port: number;
  /** Whether to open the contents in a browser. */
  readonly open: boolean;
}

/**
 * Serves the pages of some specs until the user asks to stop. When a file changes that a spec is made of, that spec is
 * compiled and checked again, and no other; pages that are open load themselves again.
 *
 * @throws UsageProblem when the port cannot be had.
 */
export async function serveDocs(request: ServeRequest, host: Host): Promise<ExitCode> {
  const cache = specMemory();
  const memory: Memory = { cache, results: new WeakMap() };
  let site: Site = { ...NO_SITE, notice: 'The models are being checked; this page follows.' };
  const alarm = new ChangeAlarm();
  const look = () => signatureOf(request.paths, cache);
  const server = await openPageServer(request.port, (path) => answerOf(site, path));
  try {
    host.out(`pages at ${server.url}, which follow the specs; Ctrl-C ends\n`);
    if (request.open) await openInBrowser(server.url, host);
    while (!host.interrupt.requested) {
      const before = look();
      cache.keepOnly(before.specs);
      site = await nextSite(site, request, host, memory);
      server.tellChange();
      // What has changed since the files were read is seen by their text, and what changes from now on by their dates.
      const now = look();
      if (!cache.isCurrent() || !areSameSpecs(before, now)) continue;
      alarm.follow(now);
      const leave = host.interrupt.attend();
      await untilChanged(now, { look, alarm, isOver: () => host.interrupt.requested }).finally(leave);
    }
  } finally {
    alarm.close();
    server.close();
  }
  return EXIT.asExpected;
}

/** The pages of the specs as they are now; where these are not right, the pages from before and what is wrong. */
async function nextSite(before: Site, request: ServeRequest, host: Host, memory: Memory): Promise<Site> {
  const withNotice = (notice: string): Site => {
    host.error(`${notice}\n`);
    return { ...before, notice };
  };
  try {
    const checked = await checkSpecs(request, host, memory);
    switch (checked.kind) {
      case 'checked': {
        const pages = pagesOf(
          checked.specs.map(documentedModels),
          { ...request, format: 'html', sourceHref },
          host.entry,
        );
        host.out(`checked ${checked.judged} of ${checked.specs.flatMap(({ models }) => models).length} models\n`);
        return siteOf(pages, request.output, checked.specs);
      }
      case 'rejected':
        return withNotice(
          checked.rejections
            .map(({ diagnostics, files }) => renderDiagnostics(diagnostics, files, { color: false }))
            .join('\n\n'),
        );
      case 'stopped':
        return { ...before, notice: 'The check was stopped before its end.' };
    }
  } catch (failure) {
    if (!(failure instanceof UsageProblem) || isStackOverflow(failure)) throw failure;
    return withNotice(failure.help === undefined ? failure.message : `${failure.message}\n${failure.help}`);
  }
}
