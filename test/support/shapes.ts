import fc from 'fast-check';
import type { ObjectShape, Shape } from '../../scripts/shape.ts';

/** How a value fits a shape: what is wrong with it, and which branches of the shape it shows. */
interface Fit {
  readonly wrong: readonly string[];
  readonly shown: readonly string[];
}

const isArray = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
const membersOf = (shape: ObjectShape): readonly Shape[] | null =>
  'oneOf' in shape ? (shape['oneOf'] as readonly Shape[]) : null;
const literalOf = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));

/** The properties of an object shape: name, whether it may be missing, and shape. */
function propertiesOf(shape: ObjectShape): { name: string; optional: boolean; shape: Shape }[] {
  return Object.entries(shape).map(([key, inner]) => ({
    name: key.replace(/\?$/, ''),
    optional: key.endsWith('?'),
    shape: inner as Shape,
  }));
}

/** Every branch of a shape: each member of a union, and a property that may be missing, missing. */
export function branchesOf(shape: Shape, path = ''): string[] {
  if (typeof shape === 'string') return shape.split(' | ').map((member) => `${path}: ${member}`);
  if (isArray(shape)) return branchesOf(shape[0], `${path}[]`);
  const members = membersOf(shape);
  if (members !== null)
    return members.flatMap((member, index) => branchesOf(member, `${path}<${index + 1}>`));
  return propertiesOf(shape).flatMap(({ name, optional, shape: inner }) => [
    ...(optional ? [`${path}.${name}: missing`] : []),
    ...branchesOf(inner, `${path}.${name}`),
  ]);
}

const together = (fits: readonly Fit[]): Fit => ({
  wrong: fits.flatMap((fit) => fit.wrong),
  shown: fits.flatMap((fit) => fit.shown),
});

function fitLeaf(leaf: string, value: unknown, path: string): Fit {
  const members = leaf.split(' | ');
  const member = members.find((one) => one === literalOf(value) || one === typeof value);
  return member === undefined
    ? { wrong: [`${path} is ${JSON.stringify(value)}, not ${leaf}`], shown: [] }
    : { wrong: [], shown: [`${path}: ${member}`] };
}

function fitObject(shape: ObjectShape, value: object, path: string): Fit {
  const known = propertiesOf(shape);
  const given = new Map(Object.entries(value));
  const extra = [...given.keys()].filter((key) => !known.some(({ name }) => name === key));
  return together([
    { wrong: extra.map((key) => `${path}.${key} is too much`), shown: [] },
    ...known.map(({ name, optional, shape: inner }) =>
      optional && !given.has(name)
        ? { wrong: [], shown: [`${path}.${name}: missing`] }
        : fit(inner, given.get(name), `${path}.${name}`),
    ),
  ]);
}

/** Whether `value` is of `shape`, with nothing missing and nothing beside it. */
export function fit(shape: Shape, value: unknown, path = ''): Fit {
  if (typeof shape === 'string') return fitLeaf(shape, value, path);
  if (isArray(shape)) {
    if (!Array.isArray(value)) return { wrong: [`${path} is no array`], shown: [] };
    return together(value.map((element: unknown) => fit(shape[0], element, `${path}[]`)));
  }
  const members = membersOf(shape);
  if (members !== null) {
    const fits = members.map((member, index) => fit(member, value, `${path}<${index + 1}>`));
    return fits.find(({ wrong }) => wrong.length === 0) ?? together(fits);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { wrong: [`${path} is ${JSON.stringify(value)}, not an object`], shown: [] };
  return fitObject(shape, value, path);
}

const WORDS = [
  '나라 정상회담',
  '長生炭鉱',
  '限韩令',
  '台海',
  'Nara’s “summit”',
  '',
  '\\u0000',
  '\u2028',
  '👩🏽‍🚀',
];
/** What the log can hold: no NUL; a minus before zero is not kept by JSON. */
const strings = fc
  .oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 40 }))
  .map((text) => text.replaceAll('\0', ''));
const numbers = fc
  .oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => (value === 0 ? 0 : value));

function leafArbitrary(leaf: string): fc.Arbitrary<unknown> {
  return fc.oneof(
    ...leaf.split(' | ').map((member): fc.Arbitrary<unknown> => {
      if (member === 'string') return strings;
      if (member === 'number') return numbers;
      return fc.constant(member.startsWith("'") ? member.slice(1, -1) : (JSON.parse(member) as unknown));
    }),
  );
}

/** Values of a shape, all of them that the log can hold. */
export function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  if (typeof shape === 'string') return leafArbitrary(shape);
  if (isArray(shape)) return fc.array(arbitraryOf(shape[0]), { maxLength: 4 });
  const members = membersOf(shape);
  if (members !== null) return fc.oneof(...members.map(arbitraryOf));
  const properties = propertiesOf(shape);
  return fc.record(
    Object.fromEntries(properties.map(({ name, shape: inner }) => [name, arbitraryOf(inner)])),
    {
      requiredKeys: properties.filter(({ optional }) => !optional).map(({ name }) => name),
    },
  );
}
