import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { layOutSpec, renderModel } from '../../../checker/report/text.ts';
import { specModels } from '../../support/specs.ts';

/** What an author sees of the founding case, a lost wake-up, on a terminal of 80 columns and 24 lines. */
it('tells how the founding case hangs, who waits and why fairness does not help on one screen', () => {
  const { system, path } = specModels(/^vmm-drv\/models\/one-ring$/).find(({ model }) => model === 'beforeTheFix')!;
  const model = system();
  const result = check(model, { properties: ['writeLockIsGot'] });
  const layout = layOutSpec([{ model: 'beforeTheFix', parameters: result.parameters }]);
  const checked = { path, files: model.files, result, changed: [] };
  const lines = renderModel(checked, layout, { color: false, width: 80, traces: 'all' }).split('\n');
  expect(lines.slice(3).filter((line) => line.length > 80)).toEqual([]);
  const screen = lines.slice(-24).join('\n');
  expect(screen).toMatch(/writer\.expire\(w0\) +expired\[rx0\]: false → true/);
  expect(screen).toMatch(/writer\.call\(w0\)[^:]*: rx0 → null,\s+ring\[rx0\]\.cv: woke nobody/);
  expect(screen).toMatch(/worker\.sleep\(rx0\) /);
  expect(screen.replaceAll(/\s+/g, ' ')).toContain(
    'worker(rx0) is asleep on ring[rx0].cv since step 12; nobody can end that any more: writer.call(w0) has already run, at step 8',
  );
  expect(screen.replaceAll(/\s+/g, ' ')).toContain(
    'No fairness of actions, processes or their steps makes it hold: this is fair to every action and process.',
  );
  expect(screen).toMatchInlineSnapshot(`
    "                                cursor[w0]: null → rx0,
                                    writer.first[w0]: false → true
            6  writer.iterate(w0)   → expire
            7  writer.expire(w0)    expired[rx0]: false → true
            8  writer.call(w0)      cursor[w0]: rx0 → null,
                                    ring[rx0].cv: woke nobody
            9  writer.iterate(w0)   cursor[w0]: unchanged
           10  writer.drain(w0)     leaseLock.owner: w0 → null
           11  writer.enterRw(w0)   rw.waitingWriters: {} → {w0}, → write
           12  worker.sleep(rx0)    ring[rx0].lock.owner: worker → null,
                                    ring[rx0].cv.sleepers: {} → {worker}, → asleep
             ↻ stuttering forever: nothing is forced to happen

             Who waits:
               writer(w0)   waits to enter rw as a writer; only worker(rx0) can end
                            that
               worker(rx0)  is asleep on ring[rx0].cv since step 12; nobody can end
                            that any more: writer.call(w0) has already run, at step
                            8

             Every fairness assumption is met: not enabled: weak worker(rx0),
             writer(w0), vcpu(0), control(rx0), signalWorker(rx0)
             No fairness of actions, processes or their steps makes it hold: this
             is fair to every action and process."
  `);
});
