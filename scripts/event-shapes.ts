import { join } from 'node:path';
import ts from 'typescript';
import { shapeOf } from './shape.ts';
import type { Shape } from './shape.ts';

/** Shapes by type and version: `FeedRemoved-v2`, as the golden files are called. */
export type Shapes = Readonly<Record<string, Shape>>;

/** Where golden files and shapes are kept. */
export const KEPT = 'fixtures/events';
/** Where the shapes of all versions are kept. */
export const KEPT_SHAPES = `${KEPT}/shapes.json`;

/**
 * The library of the language and no other, as a program with types for Node and the web takes three times as long. It has to know what
 * the events' own files use.
 */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

function exported(checker: ts.TypeChecker, file: ts.SourceFile | undefined, name: string): ts.Symbol {
  const module = file && checker.getSymbolAtLocation(file);
  const found = module && checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
  if (found === undefined)
    throw new Error(`${file?.fileName ?? 'a file that is not there'} exports no ${name}`);
  return found;
}

function property(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type {
  const symbol = checker.getPropertyOfType(type, name);
  if (symbol === undefined) throw new Error(`${checker.typeToString(type)} has no ${name}`);
  return checker.getTypeOfSymbol(symbol);
}

/** What the steps of one type take, from version 1 on. */
function stepsOf(checker: ts.TypeChecker, steps: ts.Type): ts.Type[] {
  return checker.getTypeArguments(steps as ts.TypeReference).map((step) => {
    const [data] = property(checker, step, 'upcast').getCallSignatures()[0]?.getParameters() ?? [];
    if (data === undefined) throw new Error(`${checker.typeToString(step)} takes nothing`);
    return checker.getTypeOfSymbol(data);
  });
}

/**
 * The shape of every version of every event, read from the types in `folder` (src/events): today's from the union of all events,
 * earlier ones from what the upcasters take.
 */
export function eventShapes(folder: string): Shapes {
  const files = ['event.ts', 'upcast.ts'].map((file) => join(folder, file));
  const program = ts.createProgram(files, OPTIONS);
  const checker = program.getTypeChecker();
  const [events, upcast] = files.map((file) => program.getSourceFile(file));
  const union = checker.getDeclaredTypeOfSymbol(exported(checker, events, 'NewsEvent'));
  const upcasters = checker.getTypeOfSymbol(exported(checker, upcast, 'UPCASTERS'));
  const entries = (union.isUnion() ? union.types : [union]).flatMap((event) => {
    const name = property(checker, event, 'type');
    if (!name.isStringLiteral()) throw new Error(`${checker.typeToString(event)} has no type by name`);
    const steps = checker.getPropertyOfType(upcasters, name.value);
    const earlier = steps === undefined ? [] : stepsOf(checker, checker.getTypeOfSymbol(steps));
    return [...earlier, property(checker, event, 'data')].map(
      (data, index) => [`${name.value}-v${index + 1}`, shapeOf(data, checker, name.value)] as const,
    );
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
