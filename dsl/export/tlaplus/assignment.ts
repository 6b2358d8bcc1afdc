import type { Domain, Place, Statement } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';
import { isSubdomain } from '../subdomain.ts';
import { bindName, LONG } from './binding.ts';
import { lengthOf } from './collection.ts';
import type { Mode, Rest } from './continuation.ts';
import type { Environment } from './environment.ts';
import { heldAt, partType, rootType, withHeld } from './environment.ts';
import { valueOf } from './expression.ts';
import { canFail } from './failure.ts';
import { existence, fitsWithin, isWithin, unlikeCases } from './fit.ts';
import { check } from './guard.ts';
import type { Node } from './node.ts';
import { infix, inline, junction, PRECEDENCE, text } from './node.ts';
import { segmentOf } from './path.ts';
import type { Held, Segment } from './place.ts';
import { assigned, part, selected } from './place.ts';
import type { Scope } from './scope.ts';
import { rootKey } from './statement.ts';

export function writeAssignment(
  mode: Mode,
  scope: Scope,
  environment: Environment,
  { target, value }: Statement & { kind: 'assign' },
  next: Rest,
): Node {
  const { module } = scope;
  const { span } = target;
  const path: Segment[] = [];
  const checks: { condition: Node; message: string }[] = [];
  const cases: { object: () => Node; discriminator: string; tag: string; domain: Domain }[] = [];
  let type = rootType(scope, environment, target);
  for (const segment of target.path) {
    const at = path.length;
    const within = (): Node => readPath(scope, environment, target, path.slice(0, at));
    if (segment.kind === 'field') {
      for (const one of unlikeCases(type, segment.name, target.path.slice(at + 1)))
        cases.push({ ...one, object: within });
    }
    if (segment.kind === 'field' && membersOf(type).some(({ kind }) => kind === 'record')) {
      path.push({ kind: 'index', node: module.values.atom(segment.name), isConstant: true });
    } else if (segment.kind === 'field') path.push({ kind: 'field', name: segment.name });
    else path.push(segmentOf(scope, environment, type, segment.index));
    const present = existence(segment.kind === 'index' ? segment.index.type : undefined, type, within, path[at]!);
    if (present !== undefined) checks.push({ condition: present, message: 'there is no such part to assign to' });
    type = partType(type, segment.kind === 'field' ? segment.name : undefined);
  }
  const node = valueOf(scope, environment, value, target.domain);
  const isSure = (domain: Domain): boolean => fitsWithin(value, domain) || isWithin(scope, node, domain);
  const unsure = cases.filter(({ domain }) => !isSure(domain));
  const isUnsure = cases.length > 0 ? unsure.length > 0 : !isSure(target.domain);
  const isInDomain = (given: Node): Node => {
    const isIn = (domain: Domain): Node => {
      // All that can be wrong with an array of the right elements is its length.
      const array = value.type.kind === 'array' && domain.kind === 'array' ? value.type : undefined;
      if (array === undefined || domain.kind !== 'array' || !isSubdomain(array.element, domain.element)) {
        return module.values.isIn(given, domain);
      }
      const length = lengthOf(scope, given);
      return domain.minLength <= array.minLength
        ? infix(length, '<=', text(String(domain.maxLength)), PRECEDENCE.comparison)
        : infix(length, '\\in', text(`${domain.minLength}..${domain.maxLength}`), PRECEDENCE.comparison);
    };
    if (unsure.length === 0) return isIn(target.domain);
    return junction(
      '/\\',
      unsure.map(({ object, discriminator, tag, domain }) => {
        const present = selected(object(), [{ kind: 'field', name: discriminator }]);
        const isCase = infix(present, '=', module.values.atom(tag), PRECEDENCE.comparison);
        return { kind: 'implies', left: isCase, right: isIn(domain) };
      }),
    );
  };
  const write = (inner: Scope, given: Node): Node => {
    const before = heldBy(environment, target);
    const shown = path.length === 0 ? given : withOld(given, before, path, targetName(inner, target));
    const after = inline(shown) === '@' ? before : assigned(before, path, given, shown);
    const following = (): Node => next(inner, withRoot(environment, target, after));
    if (!isUnsure) return following();
    const message = `${describe(target)} is outside its domain`;
    return check(mode, inner, { condition: isInDomain(given), message, span }, following);
  };
  const isKnown = /^-?\d+$/.test(inline(node));
  const mustBeForced = mode === 'step' && canFail(value) && !isUnsure && !isKnown;
  const writeNamed = (): Node =>
    mustBeForced || (isUnsure && LONG < inline(node).length)
      ? bindName(mode, scope, environment, { hint: 'value', value: node, isForced: mustBeForced }, write)
      : write(scope, node);
  return checks.reduceRight<() => Node>(
    (inner, { condition, message }) =>
      () =>
        check(mode, scope, { condition, message, span }, inner),
    writeNamed,
  )();
}

/** What stands at a path of a place as it is before the assignment. */
export function readPath(scope: Scope, environment: Environment, target: Place, path: readonly Segment[]): Node {
  return part(heldBy(environment, target), path, () => scope.onWhole(rootKey(target)));
}

/** A value in an EXCEPT, with what was there before as `@`. */
function withOld(value: Node, before: Held, path: readonly Segment[], root: string): Node {
  if (before.updates.length > 0) return value;
  const old = inline(selected(before.base, path));
  if (inline(before.base) !== root) return value;
  const content = inline(value);
  const at = content.indexOf(old);
  // A string is no place, whatever it says.
  if ((content.slice(0, Math.max(0, at)).replaceAll(/\\./g, '').split('"').length - 1) % 2 === 1) return value;
  const isAlone = !/[\w.[]/.test(content[at + old.length] ?? ' ') && !/[\w.]/.test(content[at - 1] ?? ' ');
  if (at < 0 || !isAlone || content.indexOf(root, at + old.length) >= 0 || content.slice(0, at).includes(root))
    return value;
  return text(
    content.slice(0, at) + '@' + content.slice(at + old.length),
    value.kind === 'text' ? value.precedence : PRECEDENCE.open,
  );
}

function describe(target: Place): string {
  return target.root.name + target.path.map((one) => (one.kind === 'field' ? `.${one.name}` : '[]')).join('');
}

function targetName(scope: Scope, target: Place): string {
  return target.root.kind === 'variable' ? scope.module.variables.get(target.root.name)! : target.root.name;
}

function heldBy(environment: Environment, target: Place): Held {
  return heldAt(environment, rootKey(target))!;
}

function withRoot(environment: Environment, target: Place, value: Held): Environment {
  return withHeld(environment, rootKey(target), value);
}
