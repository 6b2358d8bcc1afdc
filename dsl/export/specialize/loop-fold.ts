import { rewriteExpression } from '../../ir/fold.ts';
import type { Expression, Place, Statement } from '../../ir/index.ts';
import { joinDomains } from '../../ir/join.ts';
import { canFail } from '../tlaplus/failure.ts';
import { fitsWithin } from '../tlaplus/fit.ts';
import { rootKey } from '../tlaplus/statement.ts';
import type { Context, Loop } from './loop.ts';
import { hasBinders, readsOf } from './loop.ts';
import { readOf } from './place-read.ts';

/** `for (const x of over) sum = f(sum, x);`: a fold. */
export function asFold(context: Context, loop: Loop): readonly Statement[] | undefined {
  const [only, ...others] = loop.body;
  if (only === undefined || others.length > 0) return undefined;
  const gathering = gatheredBy(context, only);
  if (gathering === undefined) return undefined;
  const { target } = gathering;
  const root = rootKey(target);
  const place = readOf(context, target);
  const indices = target.path.flatMap((segment) => (segment.kind === 'index' ? [segment.index] : []));
  const fixed = readsOf(indices);
  if (
    place === undefined ||
    indices.some(hasBinders) ||
    canFail(place) ||
    fixed.has(`local ${loop.binder}`) ||
    fixed.has(root)
  )
    return undefined;
  const accumulator = context.fresh(shortName(target));
  const soFar: Expression = { kind: 'local', name: accumulator, type: target.domain, span: target.span };
  const body = rewriteExpression(gathering.value, (one) => (isSamePlace(one, place) ? soFar : one));
  const read = readsOf([body]);
  if (read.has(root) || !read.has(`local ${accumulator}`) || canFail(body)) return undefined;
  const isLocal = target.root.kind === 'local' && target.path.length === 0;
  const fits = isLocal || fitsWithin(body, target.domain);
  const type = fits ? target.domain : joinDomains(target.domain, body.type);
  if (type === undefined || !(fits || onlyGrows(body, accumulator))) return undefined;
  const { binder, over, span } = loop;
  const value: Expression = { kind: 'fold', accumulator, binder, over, initial: place, body, type, span };
  return [{ kind: 'assign', target, value, span }];
}

/** What a statement that only assigns to one place makes of it. */
function gatheredBy(
  context: Context,
  statement: Statement,
): { readonly target: Place; readonly value: Expression } | undefined {
  if (statement.kind === 'assign') return statement;
  if (statement.kind !== 'if') return undefined;
  const sides = [statement.whenTrue, statement.whenFalse].map(([only, ...more]) =>
    only === undefined ? null : more.length > 0 ? undefined : gatheredBy(context, only),
  );
  const [yes, no] = sides;
  const target = yes?.target ?? no?.target;
  if (yes === undefined || no === undefined || target === undefined) return undefined;
  const before = readOf(context, target);
  const other = yes !== null && no !== null ? readOf(context, no.target) : before;
  if (before === undefined || other === undefined || !isSamePlace(before, other)) return undefined;
  const [whenTrue, whenFalse] = [yes?.value ?? before, no?.value ?? before];
  const type = joinDomains(whenTrue.type, whenFalse.type);
  if (type === undefined) return undefined;
  const { condition, span } = statement;
  const value: Expression = { kind: 'conditional', condition, whenTrue, whenFalse, type, span };
  return { target, value };
}

/** Whether each value of a fold has all elements of those before: if the last one is in a domain, all are. */
function onlyGrows(body: Expression, accumulator: string): boolean {
  if (body.kind === 'local') return body.name === accumulator;
  if (body.kind === 'conditional')
    return onlyGrows(body.whenTrue, accumulator) && onlyGrows(body.whenFalse, accumulator);
  return (
    body.kind === 'operation' &&
    body.operator === 'union' &&
    onlyGrows(body.operands[0]!, accumulator) &&
    !readsOf([body.operands[1]!]).has(`local ${accumulator}`)
  );
}

function isSamePlace(left: Expression, right: Expression): boolean {
  if (left.kind === 'local' || left.kind === 'literal') {
    return left.kind === 'local'
      ? right.kind === 'local' && left.name === right.name
      : right.kind === 'literal' && typeof left.value !== 'object' && left.value === right.value;
  }
  if (left.kind === 'variable')
    return right.kind === 'variable' && left.name === right.name && left.next === right.next;
  if (left.kind === 'field')
    return right.kind === 'field' && left.name === right.name && isSamePlace(left.object, right.object);
  if (left.kind !== 'index' || right.kind !== 'index') return false;
  return isSamePlace(left.object, right.object) && isSamePlace(left.index, right.index);
}

function shortName({ root, path }: Place): string {
  const field = path.findLast((segment) => segment.kind === 'field');
  return field?.kind === 'field' ? field.name : root.name;
}
