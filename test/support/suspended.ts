import { Session } from 'node:inspector';
import type { Runtime } from 'node:inspector';

/**
 * The value of a local of a generator that stands at a `yield`, as a debugger sees it: innermost scope first. What is
 * declared and has no value yet counts as out of scope.
 *
 * @throws Error when no local of that name has a value there.
 */
export function localOf(generator: object, name: string): unknown {
  const session = new Session();
  session.connect();
  try {
    const holder: { generator: object; found?: unknown } = { generator };
    Object.assign(globalThis, { [HOLDER]: holder });
    const whole = evaluated(session);
    const scopes = propertiesOf(session, whole).internalProperties?.find((one) => one.name === '[[Scopes]]');
    for (const scope of propertiesOf(session, scopes?.value?.objectId).result) {
      if (!/^(Block|Local)/.test(scope.value?.description ?? '')) continue;
      const local = propertiesOf(session, scope.value?.objectId).result.find((one) => one.name === name)?.value;
      if (local === undefined || local.type === 'undefined') continue;
      if (local.objectId === undefined) return local.type === 'object' ? null : local.value;
      hand(session, local.objectId);
      return holder.found;
    }
    throw new Error(`\`${name}\` is not in scope`);
  } finally {
    Reflect.deleteProperty(globalThis, HOLDER);
    session.disconnect();
  }
}

const HOLDER = 'fairlead suspended generator';

/** The session is of this thread, so that answers come before `post` returns. */
function evaluated(session: Session): string | undefined {
  let id: string | undefined;
  session.post('Runtime.evaluate', { expression: `globalThis["${HOLDER}"].generator` }, (_, answer) => {
    id = answer.result.objectId;
  });
  return id;
}

function propertiesOf(session: Session, objectId: string | undefined): Runtime.GetPropertiesReturnType {
  let found: Runtime.GetPropertiesReturnType = { result: [] };
  if (objectId === undefined) return found;
  session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_, answer) => (found = answer));
  return found;
}

function hand(session: Session, objectId: string): void {
  const functionDeclaration = `function () { globalThis["${HOLDER}"].found = this; }`;
  session.post('Runtime.callFunctionOn', { objectId, functionDeclaration });
}
