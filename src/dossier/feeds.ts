import { z } from 'zod';
import { OPTIONS_OFF, sameOptions } from '../events/feed.ts';
import type { FeedOptions } from '../events/feed.ts';
import { feedId, isSlug, publisherId } from '../events/ids.ts';
import type { PublisherId } from '../events/ids.ts';
import type { FeedListing, Publisher } from './dossier.ts';
import { said } from './issues.ts';
import { readOpml, type Outline } from './opml.ts';
import type { Problem } from './problem.ts';

/** Characters in one attribute of an outline. */
const ATTRIBUTE_CHARS_MAX = 2_000;

const FILE = 'feeds.opml';
const text = z.string().trim().min(1).max(ATTRIBUTE_CHARS_MAX);
const ignored = text.optional();
const id = z
  .string()
  .refine(isSlug, { error: 'expected an id of lower-case letters, digits and single hyphens' });
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const country = z.string().refine((value) => /^[A-Z]{2}$/.test(value) && regions.of(value) !== undefined, {
  error: 'expected a country as ISO 3166-1 alpha-2, such as KR',
});
const HOST = /^(?!www\.)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;
const hosts = z
  .string()
  .transform((value) => value.split(/\s+/).filter((host) => host !== ''))
  .refine((value) => value.length > 0 && value.every((host) => HOST.test(host)), {
    error: 'expected host names in lower case without www., with spaces between them',
  });
const url = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).max(ATTRIBUTE_CHARS_MAX);
const lang = z.string().regex(/^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$/, {
  error: 'expected a language such as ko or zh-Hant',
});

const publisherOutline = z.strictObject({
  text,
  title: ignored,
  description: ignored,
  htmlUrl: url.optional(),
  'sw:publisher': id,
  'sw:family': id,
  'sw:country': country,
  'sw:stateRun': flag,
  'sw:hosts': hosts.optional(),
});

const feedOutline = z.strictObject({
  text,
  title: ignored,
  description: ignored,
  type: z.literal('rss'),
  version: ignored,
  xmlUrl: url,
  htmlUrl: url.optional(),
  language: lang,
  'sw:feed': id,
  'sw:seen': text,
  'sw:unverified': flag,
  'sw:paused': text.optional(),
  'sw:fullText': flag.optional(),
  'sw:allowPrivate': flag.optional(),
});

/** A publisher or feed with the line that lists it. */
export interface Listed<Entry> {
  readonly line: number;
  readonly entry: Entry;
}

export interface FeedList {
  readonly publishers: readonly Listed<Publisher>[];
  readonly feeds: readonly Listed<FeedListing>[];
}

/** Publishers and feeds with problems, as far as queries can name them. */
export interface Unsound {
  readonly publishers: readonly Publisher[];
  readonly feeds: readonly Pick<FeedListing, 'id'>[];
}

/** What feeds.opml says, and what is wrong with it. */
export interface ReadFeeds extends FeedList {
  readonly problems: readonly Problem[];
  /** Null where the file is no outline at all. */
  readonly unsound: Unsound | null;
}

/**
 * Reads feeds.opml: an outline with `sw:publisher` is a publisher and holds its feeds, which are the outlines with
 * `xmlUrl`; any other outline only groups.
 */
export function readFeeds(xml: string): ReadFeeds {
  const read = readOpml(xml);
  const publishers: Listed<Publisher>[] = [];
  const feeds: Listed<FeedListing>[] = [];
  if ('faults' in read) {
    const problems = read.faults.map((fault) => ({ file: FILE, field: '', ...fault }));
    return { publishers, feeds, problems, unsound: null };
  }
  const problems: Problem[] = [];
  const unsound: { publishers: Publisher[]; feeds: Pick<FeedListing, 'id'>[] } = {
    publishers: [],
    feeds: [],
  };
  for (const outline of read.outlines) {
    if ('sw:publisher' in outline.attributes) {
      const fields = fieldsOf(publisherOutline, outline, problems);
      if (fields !== null) publishers.push({ line: outline.line, entry: publisherOf(fields) });
      else unsound.publishers.push(...unsoundPublisher(outline));
    } else if ('xmlUrl' in outline.attributes || 'sw:feed' in outline.attributes) {
      const fields = fieldsOf(feedOutline, outline, problems);
      if (fields === null) unsound.feeds.push(...unsoundFeed(outline));
      const publisher = publisherAround(outline, read.outlines);
      if (publisher === null) {
        problems.push(problemAt(outline, '', 'expected a publisher around the feed (sw:publisher)'));
      } else if (fields !== null && isSlug(publisher)) {
        feeds.push({ line: outline.line, entry: feedOf(fields, publisherId(publisher)) });
      }
    } else if (!('text' in outline.attributes)) {
      problems.push(problemAt(outline, 'text', 'is missing: expected text'));
    }
  }
  return { publishers, feeds, problems, unsound };
}

function unsoundFeed({ attributes }: Outline): Unsound['feeds'] {
  const written = attributes['sw:feed'] ?? '';
  return isSlug(written) ? [{ id: feedId(written) }] : [];
}

/** A publisher with problems, each field that has none as it is. */
function unsoundPublisher({ attributes }: Outline): readonly Publisher[] {
  const written = attributes['sw:publisher'] ?? '';
  if (!isSlug(written)) return [];
  const { text: name = written, 'sw:family': family = written, 'sw:country': from = '' } = attributes;
  const stateRun = attributes['sw:stateRun'] === 'true';
  return [{ id: publisherId(written), name, family, country: from, stateRun, hosts: [] }];
}

function publisherOf(fields: z.output<typeof publisherOutline>): Publisher {
  return {
    id: publisherId(fields['sw:publisher']),
    name: fields.text,
    family: fields['sw:family'],
    country: fields['sw:country'],
    stateRun: fields['sw:stateRun'],
    hosts: fields['sw:hosts'] ?? [],
  };
}

function feedOf(fields: z.output<typeof feedOutline>, publisher: PublisherId): FeedListing {
  const options: FeedOptions = {
    fullText: fields['sw:fullText'] ?? OPTIONS_OFF.fullText,
    allowPrivate: fields['sw:allowPrivate'] ?? OPTIONS_OFF.allowPrivate,
  };
  return {
    id: feedId(fields['sw:feed']),
    title: fields.text,
    url: fields.xmlUrl,
    site: fields.htmlUrl ?? null,
    publisher,
    lang: fields.language,
    seen: fields['sw:seen'],
    unverified: fields['sw:unverified'],
    ...(fields['sw:paused'] !== undefined && { paused: fields['sw:paused'] }),
    ...(!sameOptions(options, OPTIONS_OFF) && { options }),
  };
}

function publisherAround(outline: Outline, outlines: readonly Outline[]): string | null {
  let parent = outline.parent;
  while (parent !== null) {
    const around = outlines[parent];
    const publisher = around?.attributes['sw:publisher'];
    if (publisher !== undefined) return publisher;
    parent = around?.parent ?? null;
  }
  return null;
}

function fieldsOf<Schema extends z.ZodType>(
  schema: Schema,
  outline: Outline,
  problems: Problem[],
): z.output<Schema> | null {
  const result = schema.safeParse(outline.attributes);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      problems.push(...issue.keys.map((key) => problemAt(outline, key, 'unknown attribute')));
    } else {
      const field = String(issue.path[0] ?? '');
      problems.push(problemAt(outline, field, said(issue, !(field in outline.attributes))));
    }
  }
  return null;
}

function problemAt({ line }: Outline, field: string, message: string): Problem {
  return { file: FILE, line, field, message };
}
