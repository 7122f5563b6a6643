import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

/**
 * Puts a worker of this folder into `folder` as plain JavaScript over the built product: run by tsx, a child would be measured
 * with the compiler in it. Gives its path.
 */
export async function buildWorker(folder: string, name: 'lab-worker' | 'feeds-worker'): Promise<string> {
  const source = await readFile(resolve(`bench/${name}.ts`), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const dist = pathToFileURL(resolve('dist')).href;
  const script = join(folder, `${name}.mjs`);
  await writeFile(script, outputText.replaceAll(/'\.\.\/src\/(.*)\.ts'/g, `'${dist}/$1.js'`));
  return script;
}
