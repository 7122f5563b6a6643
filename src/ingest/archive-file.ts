import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Bytes of the beginning that tell one file from another of the same size. */
const HEAD_BYTES = 64 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** A file on disk that may be packed. */
export interface ArchiveFile {
  readonly path: string;
  readonly bytes: number;
  readonly isGzip: boolean;
  /** The same for the same content under any name: its size and a hash of its beginning. */
  readonly identity: string;
}

/** Looks at the beginning of a file. Throws what the file system throws. */
export async function lookAtFile(path: string): Promise<ArchiveFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const identity = `${size}-${createHash('sha256').update(head).digest('hex')}`;
    return { path, bytes: size, isGzip: head.subarray(0, 2).equals(GZIP_MAGIC), identity };
  } finally {
    await file.close();
  }
}

/**
 * The bytes of a file, unpacked where it is gzip, in one member or in many (as WARC files are). `onRead` is told of bytes as they
 * come from disk. `from` is where to begin, in unpacked bytes: a packed file is read up to there all the same.
 */
export async function* bytesOf(
  { path, isGzip }: ArchiveFile,
  from: number,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer, void> {
  const source = createReadStream(path, isGzip ? {} : { start: from });
  // What goes wrong in the file comes out behind the unpacking, where it is read.
  const chunks: AsyncIterable<Buffer> = isGzip ? pipeline(source, createGunzip(), () => undefined) : source;
  let left = isGzip ? from : 0;
  let told = 0;
  for await (const chunk of chunks) {
    onRead(source.bytesRead - told);
    told = source.bytesRead;
    if (left < chunk.byteLength) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}
