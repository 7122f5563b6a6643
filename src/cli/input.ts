import { readFile, stat } from 'node:fs/promises';
import { DOSSIER_FILE_BYTES_MAX, readText } from '../dossier/files.ts';
import { UsageError } from './usage.ts';

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > DOSSIER_FILE_BYTES_MAX) {
      throw new UsageError(`stdin: more than ${DOSSIER_FILE_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The text of a file that a command line names, `-` being stdin. Throws UsageError for one that cannot be read. */
export async function readInput(file: string): Promise<string> {
  if (file === '-') return (await readStdin()).toString('utf8').replaceAll(/\r\n?/g, '\n');
  const read = await readText(file);
  if ('text' in read) return read.text;
  throw new UsageError(`${file}: ${read.fault}`);
}

/** The bytes of a file that a command line names, in whatever charset; otherwise as readInput. */
export async function readInputBytes(file: string): Promise<Buffer> {
  if (file === '-') return await readStdin();
  try {
    const { size } = await stat(file);
    if (size <= DOSSIER_FILE_BYTES_MAX) return await readFile(file);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new UsageError(`${file}: more than ${DOSSIER_FILE_BYTES_MAX} bytes`);
}
