import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { Damage } from '../../store/damage.ts';
import { lastSeal } from '../../store/seals.ts';
import { verify } from '../../store/verify.ts';
import type { Verification } from '../../store/verify.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage.ts';
import { counted } from '../words.ts';

const EXIT_DAMAGED = 1;

interface Flags {
  readonly head?: true;
  readonly expect?: Buffer;
  readonly json?: true;
}

function hash(value: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(value)) return Buffer.from(value, 'hex');
  throw new InvalidArgumentError('expected a hash as "verify --head" prints it: 64 hex digits.');
}

function damageText(damage: Damage): string {
  const at = `position ${damage.position}`;
  switch (damage.kind) {
    case 'event altered':
      return damage.swappedWith === null
        ? `${at}: the event was altered`
        : `${at}: the event was swapped with the one at position ${damage.swappedWith}`;
    case 'event removed':
      return `${at}: the event was removed`;
    case 'seal altered':
      return `${at}: seal ${damage.seal}, which begins here, was altered`;
    case 'seal removed':
      return `${at}: seal ${damage.seal}, which should begin here, was removed`;
    case 'tail removed':
      return `${at}: removed from here on; ${damage.rememberedBy} remembers position ${damage.until}`;
    case 'text altered':
      return `${at}: the text ${damage.hash} is not what its hash says`;
    case 'text removed':
      return `${at}: the text ${damage.hash} is gone, and was not taken down`;
  }
}

function summary(found: Verification): string {
  const { head, archivedTo, last, unsealed, texts, takenDown } = found;
  const sealed =
    last === null
      ? 'nothing is sealed yet'
      : `${counted(last.seal, 'seal covers', 'seals cover')} it to position ${last.to}`;
  return [
    `the log ends at position ${head}; ${sealed}, ${counted(unsealed, 'event lies', 'events lie')} behind`,
    ...(archivedTo === 0 ? [] : [`up to position ${archivedTo} it is archived`]),
    `${counted(texts, 'text stands', 'texts stand')} beside it, ${counted(takenDown, 'was', 'were')} taken down`,
    ...(last === null ? [] : [`head ${last.hash.toString('hex')}`]),
    '',
  ].join('\n');
}

function unexpected(found: Verification, { expect }: Flags): readonly string[] {
  if (expect === undefined || found.expected !== null) return [];
  return [`no seal has the hash ${expect.toString('hex')}: the chain is not the one it was taken from`];
}

function verdict(found: Verification, flags: Flags): string {
  const { damages, damageCount, expected } = found;
  const more = damageCount - damages.length;
  const lines = [
    ...damages.map(damageText),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...unexpected(found, flags),
  ];
  if (lines.length > 0) return lines.map((line) => `${line}\n`).join('');
  const kept =
    expected === null ? '' : `; the hash is that of seal ${expected.seal}, to position ${expected.to}`;
  return `nothing was altered, removed or swapped${kept}\n`;
}

function plain(found: Verification, { expect }: Flags): object {
  const hex = (seal: Verification['last']): object | null =>
    seal === null ? null : { ...seal, hash: seal.hash.toString('hex') };
  const asked = expect === undefined ? {} : { asked: expect.toString('hex') };
  return { ...found, last: hex(found.last), ...asked, expected: hex(found.expected) };
}

async function printHead(flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const last = await lastSeal(store.db);
    if (last === null) throw new Error('nothing is sealed yet: "up" seals as it goes');
    const { seal, to } = last;
    const hex = last.hash.toString('hex');
    output.out(flags.json ? json({ seal, to, hash: hex }) : `${hex}\n`);
    output.err(`seal ${seal}, over positions 1 to ${to}\n`);
  });
}

async function verifyLog(flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const progress = { events: new Progress(output, 'verify, events'), texts: new Progress(output, 'texts') };
    const found = await verify(store.db, {
      ...(flags.expect !== undefined && { expect: flags.expect }),
      onProgress: (stage, done, total) => {
        progress[stage].update(done, total);
      },
    });
    if (progress.events.told) progress.events.finish(found.head);
    output.out(flags.json ? json(plain(found, flags)) : summary(found) + verdict(found, flags));
    if (found.damageCount > 0 || unexpected(found, flags).length > 0) process.exitCode = EXIT_DAMAGED;
  });
}

/** `verify`: whether the log still is what was written. */
export function verifyCommand(program: Command, output: Output): void {
  program
    .command('verify')
    .description(
      'derive the seals over the log again, and name the first position that was altered or removed',
    )
    .option(
      '--head',
      'only print the hash of the newest seal, to be kept where nobody who can write the log can',
    )
    .option('--expect <hash>', 'a hash that --head gave once: fail unless it still is in the chain', hash)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExits with 1 when something is not as it was.\n\nExamples:\n  $ shuttlewatch verify --head >> heads.txt\n  $ shuttlewatch verify --expect "$(head -1 heads.txt)"',
    )
    .action((flags: Flags) => {
      if (flags.head && flags.expect !== undefined)
        throw new UsageError('--head only prints a hash, --expect looks for one: one at a time');
      return flags.head ? printHead(flags, output) : verifyLog(flags, output);
    });
}
