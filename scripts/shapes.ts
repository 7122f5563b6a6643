import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { eventShapes, KEPT, KEPT_SHAPES } from './event-shapes.ts';
import type { Shapes } from './event-shapes.ts';
import { newShapes, shapeChanges } from './shape-changes.ts';

/** Keeps the shapes of new events and new versions. What is kept already is never written over: see what it then says. */
const kept = JSON.parse(await readFile(KEPT_SHAPES, 'utf8')) as Shapes;
const now = eventShapes('src/events');
const changes = shapeChanges(kept, now);
if (changes === '') {
  const text = JSON.stringify(now);
  const style = { ...(await resolveConfig(KEPT_SHAPES)), filepath: KEPT_SHAPES };
  await writeFile(KEPT_SHAPES, await format(text, style));
  for (const name of newShapes(kept, now)) {
    const golden = `${KEPT}/${name}.json`;
    const missing = existsSync(golden) ? '' : `; now write ${golden}, as its neighbours are`;
    process.stderr.write(`kept the shape of ${name}${missing}\n`);
  }
} else {
  process.stderr.write(`${changes}\n`);
  process.exitCode = 1;
}
