import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readWith } from '../../src/ingest/apart.ts';
import { programOf } from './program.ts';

readWith(pathToFileURL(programOf(join(import.meta.dirname, '../../src/ingest/parser-program.ts'))));
