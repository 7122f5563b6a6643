import ts from 'typescript';

/**
 * What JSON of some type looks like, as JSON: `"string"`, `"'hard' | 'soft' | null"`; an array as `[what it holds]`; an object
 * by its properties in the order of the alphabet, with `?` behind those that may be missing; and `{ "oneOf": [...] }`
 * where a union has objects or arrays among its members. Branded strings are strings: a brand is nothing that is kept.
 */
export type Shape = string | readonly [Shape] | ObjectShape;
export interface ObjectShape {
  readonly [property: string]: Shape | readonly Shape[];
}

/** Levels of nesting: a type that holds itself has no end. */
const DEPTH_MAX = 12;

const PRIMITIVES: readonly (readonly [ts.TypeFlags, string])[] = [
  [ts.TypeFlags.String, 'string'],
  [ts.TypeFlags.Number, 'number'],
  [ts.TypeFlags.Null, 'null'],
];

function leafOf(type: ts.Type, checker: ts.TypeChecker): string | null {
  if (type.isStringLiteral()) return `'${type.value}'`;
  if (type.isNumberLiteral()) return `${type.value}`;
  if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return checker.typeToString(type);
  // A branded string is a string and something that is never there.
  const members = type.isIntersection() ? type.types : [type];
  return PRIMITIVES.find(([flag]) => members.some((member) => (member.flags & flag) !== 0))?.[1] ?? null;
}

function unionOf(types: readonly ts.Type[], checker: ts.TypeChecker, path: string, depth: number): Shape {
  const members = types
    .filter((type) => (type.flags & ts.TypeFlags.Undefined) === 0)
    .map((type) => shapeOf(type, checker, path, depth));
  const [only, ...others] = members;
  if (only !== undefined && others.length === 0) return only;
  const leaves = members.filter((member) => typeof member === 'string').sort();
  const text = leaves.join(' | ');
  const nested = members
    .filter((member): member is Exclude<Shape, string> => typeof member !== 'string')
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (nested.length === 0) return text;
  return { oneOf: leaves.length === 0 ? nested : [...nested, text] };
}

function objectOf(type: ts.Type, checker: ts.TypeChecker, path: string, depth: number): ObjectShape {
  const kept = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
  const called = type.getCallSignatures().length > 0 || checker.getIndexInfosOfType(type).length > 0;
  if (!kept || called || type.getSymbol()?.name === 'Date')
    throw new Error(`${path}: ${checker.typeToString(type)} is nothing that an event can carry`);
  const entries = checker.getPropertiesOfType(type).map((property) => {
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const inner = checker.getTypeOfSymbol(property);
    const shape = shapeOf(inner, checker, `${path}.${property.name}`, depth);
    return [`${property.name}${optional ? '?' : ''}`, shape] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The shape of a type that is kept as JSON. Throws, with the path, where the type holds what JSON does not. */
export function shapeOf(type: ts.Type, checker: ts.TypeChecker, path: string, depth = 0): Shape {
  if (depth > DEPTH_MAX) throw new Error(`${path}: nested deeper than ${DEPTH_MAX}`);
  if (type.isUnion()) return unionOf(type.types, checker, path, depth + 1);
  const leaf = leafOf(type, checker);
  if (leaf !== null) return leaf;
  if (!checker.isArrayType(type)) return objectOf(type, checker, path, depth + 1);
  const [element] = checker.getTypeArguments(type as ts.TypeReference);
  if (element === undefined) throw new Error(`${path}: an array of nothing`);
  return [shapeOf(element, checker, `${path}[]`, depth + 1)];
}
