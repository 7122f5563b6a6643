import type { Command } from 'commander';
import { publisherId, subjectId } from '../events/ids.ts';
import type { PublisherId, SubjectId } from '../events/ids.ts';
import type { ItemFilter } from '../query/search.ts';
import { idsOption, instant, langs, UsageError } from './usage.ts';

/** The flags that say which items are meant, as commander gives them. */
export interface FilterFlags {
  readonly entity?: readonly SubjectId[];
  readonly topic?: readonly SubjectId[];
  readonly lang?: readonly string[];
  readonly publisher?: readonly PublisherId[];
  readonly since?: Date;
  readonly until?: Date;
}

/** Adds those flags to a command. */
export function withFilter(command: Command): Command {
  return command
    .option(
      '-e, --entity <id>',
      'tagged with this entity ("subjects" lists them); repeat for several, all must hold',
      idsOption(subjectId),
    )
    .option(
      '-t, --topic <id>',
      'tagged with this topic; repeat for several, all must hold',
      idsOption(subjectId),
    )
    .option(
      '-l, --lang <lang>',
      'in this language (en, ko, ja, zh, zh-Hant); repeat for any of several',
      langs,
    )
    .option('-p, --publisher <id>', 'from this publisher; repeat for any of several', idsOption(publisherId))
    .option('--since <time>', 'published from this day or instant on', instant)
    .option('--until <time>', 'published before this day or instant', instant);
}

/** The filter that the flags say. Throws UsageError when they can find nothing. */
export function filterOf({ entity, topic, lang, publisher, since, until }: FilterFlags): ItemFilter {
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError('--since must be before --until, which is not part of the time asked for');
  }
  return {
    subjects: [...(entity ?? []), ...(topic ?? [])],
    langs: lang ?? [],
    publishers: publisher ?? [],
    since: since ?? null,
    until: until ?? null,
  };
}
