import { position } from '../events/ids.ts';
import type { Tx } from './database.ts';
import { rangeDigests } from './digest.ts';
import type { SealLine } from './log-line.ts';
import { InvalidLogFile } from './read-line.ts';
import type { Numbered } from './read-log.ts';
import { lastSeal, NO_SEAL_HASH, readSeals, sealHash, writeSeals } from './seals.ts';
import type { Seal } from './seals.ts';

type Told = Numbered<SealLine>;

/** Throws where this log has another seal of the same number. */
async function compare(tx: Tx, known: readonly Told[]): Promise<void> {
  const [first] = known;
  if (first === undefined) return;
  const here = await readSeals(tx, first.line.seal - 1, known.length);
  known.forEach(({ number, line }, index) => {
    if (here[index]?.hash.toString('hex') !== line.hash)
      throw new InvalidLogFile(
        number,
        `is another seal than the ${line.seal}th of this log, which made its own`,
      );
  });
}

/** The seal that the events here make of `line`; throws where it is another. */
function derived({ number, line }: Told, digest: { root: Buffer | null; leaves: Buffer | null }): Seal {
  const { root, leaves } = digest;
  if (root === null || leaves === null || root.toString('hex') !== line.root)
    throw new InvalidLogFile(number, `seals other events than positions ${line.from} to ${line.to}`);
  const [prev, hash] = [Buffer.from(line.prev, 'hex'), Buffer.from(line.hash, 'hex')];
  const { seal, recordedToUs } = line;
  const unhashed = {
    seal,
    recordedToUs,
    root,
    leaves,
    prev,
    from: position(line.from),
    to: position(line.to),
  };
  if (!sealHash(unhashed).equals(hash))
    throw new InvalidLogFile(number, 'is no seal: its hash is of something else');
  return { ...unhashed, hash };
}

/** Throws where `fresh` does not go on from `last`. */
function link(last: Seal | null, fresh: readonly Told[]): void {
  const [first] = fresh;
  if (first === undefined) return;
  const { seal, from, prev } = first.line;
  const follows =
    last === null
      ? seal === 1 && from === 1 && prev === NO_SEAL_HASH.toString('hex')
      : seal === last.seal + 1 && from === last.to + 1 && prev === last.hash.toString('hex');
  if (!follows) throw new InvalidLogFile(first.number, 'does not follow the last seal of this log');
}

/**
 * Keeps the seals that came with events, which are in the log by now, and derives each from them: the same root, the same
 * hash. `seals` are in order and follow each other. Throws InvalidLogFile, naming the line.
 */
export async function importSeals(tx: Tx, seals: readonly Told[]): Promise<void> {
  if (seals.length === 0) return;
  const last = await lastSeal(tx);
  const isKnown = ({ line }: Told): boolean => last !== null && line.seal <= last.seal;
  await compare(tx, seals.filter(isKnown));
  const fresh = seals.filter((told) => !isKnown(told));
  link(last, fresh);
  const { rows } = await rangeDigests(
    fresh.map(({ line }) => line.from),
    fresh.map(({ line }) => line.to),
  ).execute(tx);
  const digests = new Map(rows.map((digest) => [digest.from, digest]));
  const none = { root: null, leaves: null };
  const made = fresh.map((told) => derived(told, digests.get(told.line.from) ?? none));
  if (made.length > 0) await writeSeals(tx, made);
}
