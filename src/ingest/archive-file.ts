import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** A file on disk that may be packed. */
export interface ArchiveFile {
  readonly path: string;
  readonly bytes: number;
  readonly isGzip: boolean;
}

/** Looks at the beginning of a file. Throws what the file system throws. */
export async function lookAtFile(path: string): Promise<ArchiveFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(GZIP_MAGIC.byteLength), 0, GZIP_MAGIC.byteLength, 0);
    return { path, bytes: size, isGzip: buffer.equals(GZIP_MAGIC) };
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
