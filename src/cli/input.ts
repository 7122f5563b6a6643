import { DOSSIER_FILE_BYTES_MAX, readText } from '../dossier/files.ts';
import { UsageError } from './usage.ts';

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > DOSSIER_FILE_BYTES_MAX) {
      throw new UsageError(`stdin: more than ${DOSSIER_FILE_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8').replaceAll(/\r\n?/g, '\n');
}

/** The text of a file that a command line names, `-` being stdin. Throws UsageError for one that cannot be read. */
export async function readInput(file: string): Promise<string> {
  if (file === '-') return await readStdin();
  const read = await readText(file);
  if ('text' in read) return read.text;
  throw new UsageError(`${file}: ${read.fault}`);
}
