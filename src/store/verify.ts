import { position } from '../events/ids.ts';
import type { ContentHash, Position } from '../events/ids.ts';
import { DAMAGES_MAX } from './damage.ts';
import type { Damage } from './damage.ts';
import type { Db, Tx } from './database.ts';
import { listArchived } from './partitions.ts';
import type { Seal } from './seals.ts';
import { head } from './read.ts';
import { alteredTexts, verifyTexts, verifyWordsKept } from './verify-content.ts';
import { verifySeals } from './verify-seals.ts';
import { verifyTail } from './verify-tail.ts';

/** What a log was found to be. */
export interface Verification {
  readonly head: Position;
  /** The last position that is archived, and is in the database; 0 for none. */
  readonly archivedTo: Position;
  /** The newest seal; null where nothing is sealed. Its hash, kept elsewhere, guards all before it. */
  readonly last: Pick<Seal, 'seal' | 'to' | 'hash'> | null;
  /** The seal that has the hash which was asked for; null when none has, or none was asked for. */
  readonly expected: Pick<Seal, 'seal' | 'to' | 'hash'> | null;
  /** Events at the end that no seal covers. */
  readonly unsealed: number;
  readonly texts: number;
  /** Texts that are gone because they were taken down. */
  readonly takenDown: number;
  /**
   * At most DAMAGES_MAX: those of events, then of texts that were altered, then of texts that are gone, each in the order of their
   * positions. Of altered texts beyond that it is not looked up where the log speaks of them.
   */
  readonly damages: readonly Damage[];
  /** All that were found. */
  readonly damageCount: number;
}

export type VerifyStage = 'events' | 'texts';

export interface VerifyOptions {
  /** A hash that has to be in the chain. */
  readonly expect?: Buffer;
  /** Hears how far a stage has got, in events or texts; the total is null where it is not known. */
  readonly onProgress?: (stage: VerifyStage, done: number, total: number | null) => void;
}

class Findings {
  readonly damages: Damage[] = [];
  count = 0;

  /** How many more are named. */
  get room(): number {
    return DAMAGES_MAX - this.damages.length;
  }

  /** Notes damages of which there are `count`, those that are not named included. */
  add(found: readonly Damage[], count: number = found.length): void {
    this.count += count;
    this.damages.push(...found.slice(0, this.room));
  }
}

interface Chain {
  last: Seal | null;
  expected: Seal | null;
}

async function verifyChain(db: Db | Tx, options: VerifyOptions, findings: Findings): Promise<Chain> {
  const chain: Chain = { last: null, expected: null };
  const total = await head(db);
  for await (const { seals, damages } of verifySeals(db)) {
    findings.add(damages);
    const { expect } = options;
    if (expect !== undefined) chain.expected ??= seals.find(({ hash }) => hash.equals(expect)) ?? null;
    chain.last = seals.at(-1) ?? chain.last;
    options.onProgress?.('events', chain.last?.to ?? 0, total);
  }
  return chain;
}

async function verifyContent(
  db: Db | Tx,
  end: Position,
  onProgress: VerifyOptions['onProgress'],
  findings: Findings,
): Promise<{ texts: number; takenDown: number }> {
  let texts = 0;
  let alteredCount = 0;
  const named: ContentHash[] = [];
  for await (const page of verifyTexts(db)) {
    texts = page.texts;
    alteredCount += page.altered.length;
    named.push(...page.altered.slice(0, findings.room - named.length));
    onProgress?.('texts', texts, null);
  }
  findings.add(await alteredTexts(db, named), alteredCount);
  const gone = new Set<ContentHash>();
  for await (const page of verifyWordsKept(db, 0, end)) {
    for (const hash of page.takenDown) gone.add(hash);
    findings.add(page.damages);
    onProgress?.('texts', texts, null);
  }
  return { texts, takenDown: gone.size };
}

const brief = (seal: Seal | null): Verification['last'] =>
  seal === null ? null : { seal: seal.seal, to: seal.to, hash: seal.hash };

/**
 * Derives the whole chain of seals again, looks at what no seal covers yet, and at the texts beside the log. Changes nothing,
 * and may run while the log grows. What it cannot see: a tail beyond the last seal that whoever took it away made everybody
 * forget; and a chain that was made anew to its end, unless a hash of the old one was kept elsewhere (`expect`).
 */
export async function verify(db: Db | Tx, options: VerifyOptions = {}): Promise<Verification> {
  const findings = new Findings();
  const { last, expected } = await verifyChain(db, options, findings);
  const tail = await verifyTail(db, last);
  findings.add(tail.damages);
  const content = await verifyContent(db, tail.head, options.onProgress, findings);
  const archived = await listArchived(db);
  return {
    head: tail.head,
    archivedTo: position(archived.at(-1)?.to ?? 0),
    last: brief(last),
    expected: brief(expected),
    unsealed: Math.max(0, tail.head - (last?.to ?? 0)),
    ...content,
    damages: findings.damages,
    damageCount: findings.count,
  };
}
