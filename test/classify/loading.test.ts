import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MIB = 1024 ** 2;
/** Memory that a program pays for having the tagger at hand, above bare Node. */
const RSS_MIB_MAX = 60;

/** The stemmer, what it is made of, and the table; not the rest of those packages. */
const NEEDED =
  /^(?:natural\/lib\/natural\/(?:stemmers\/(?:porter_)?stemmer|tokenizers\/(?:aggressive_)?tokenizer|util\/stopwords)\.js|opencc-js\/dist\/esm-lib\/dict\/.+)$/;

/** Imports the built tagger in a process of its own: the memory it takes, and each file of a package that is compiled for it. */
const SCRIPT = `
  import { Session } from 'node:inspector';
  const session = new Session();
  session.connect();
  const files = [];
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (url.includes('node_modules/')) files.push(url.split('node_modules/').at(-1));
  });
  session.post('Debugger.enable');
  const before = process.memoryUsage.rss();
  await import(process.argv[1]);
  console.log(JSON.stringify({ bytes: process.memoryUsage.rss() - before, files }));
`;

test('the tagger takes little memory, and of packages only its stemmer and its table of Han characters', async () => {
  const tagger = pathToFileURL(resolve('dist/classify/tagger.js')).href;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    SCRIPT,
    tagger,
  ]);
  const { bytes, files } = JSON.parse(stdout) as { bytes: number; files: string[] };
  expect(bytes / MIB).toBeLessThan(RSS_MIB_MAX);
  expect(files).not.toEqual([]);
  expect(files.filter((file) => !NEEDED.test(file))).toEqual([]);
});
