import type { Shapes } from './event-shapes.ts';
import type { Shape } from './shape.ts';

/** A shape as lines that can be compared: `tags[].mentions[].start: number`. */
function linesOf(shape: Shape, path = ''): string[] {
  if (typeof shape === 'string') return [`${path}: ${shape}`];
  if (isArray(shape)) return linesOf(shape[0], `${path}[]`);
  if (Object.keys(shape).length === 0) return [`${path}: {}`];
  return Object.entries(shape).flatMap(([name, inner]) =>
    name === 'oneOf'
      ? (inner as readonly Shape[]).flatMap((member, index) => linesOf(member, `${path}<${index + 1}>`))
      : linesOf(inner as Shape, path === '' ? name : `${path}.${name}`),
  );
}

/** Array.isArray does not tell arrays that cannot be written to. */
function isArray(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function difference(kept: Shape, now: Shape): string[] {
  const [before, after] = [linesOf(kept), linesOf(now)];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `  - ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `  + ${line}`),
  ];
}

function whatToDo(name: string): string {
  const [type = '', version = ''] = name.split('-v');
  return `  The log may hold ${type} in the shape that is kept, and other builds read it. Leave it as it was, and say the new shape as
  version ${Number(version) + 1}: a step from ${version} in UPCASTERS (src/events/upcast.ts) that takes the shape of before, written out;
  fixtures/events/${type}-v${Number(version) + 1}.json, and what those of before read as now; then \`npm run shapes\`.
  A wider type needs that as well: a build that does not know the new word must stop at it, not misread it.
  Where no log can hold version ${version} yet, take ${name} out of fixtures/events/shapes.json first.`;
}

/** What is wrong with the shapes of today beside those that are kept, and what to do; empty when nothing is. */
export function shapeChanges(kept: Shapes, now: Shapes): string {
  return Object.entries(kept)
    .flatMap(([name, before]) => {
      const after = now[name];
      if (after === undefined)
        return [
          `${name} is gone, but the log may hold it: UPCASTERS and the union of events keep every version.`,
        ];
      const lines = difference(before, after);
      return lines.length === 0 ? [] : [[`${name} has changed:`, ...lines, whatToDo(name)].join('\n')];
    })
    .join('\n\n');
}

/** The versions whose shape is not kept yet. */
export function newShapes(kept: Shapes, now: Shapes): string[] {
  return Object.keys(now).filter((name) => !(name in kept));
}
