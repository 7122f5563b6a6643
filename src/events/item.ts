import type { EventType } from './event-type.ts';
import type { EventShape } from './shape.ts';
import type { ContentHash, FeedId, ItemId, PublisherId, SubjectId } from './ids.ts';

/**
 * Why an item is old news to us though new to the log: it came with an archive, or with a feed's first poll.
 * Such items are tagged and searched like any other, and never notify.
 */
export type Backfill = 'archive' | 'first-poll';

export type ItemIngested = EventShape<
  'ItemIngested',
  {
    item: ItemId;
    feed: FeedId;
    publisher: PublisherId;
    /** Absolute, without tracking parameters; null when the feed gave none that can be resolved. */
    url: string | null;
    /** The feed's own id for the item, as given. */
    guid: string | null;
    /** BCP 47, the source's word or our guess; null when neither. */
    lang: string | null;
    /** UTC, ISO 8601: the source's claim; null when it gave none we could read. */
    published: string | null;
    /** Hash of title and summary, which are kept beside the log. */
    content: ContentHash;
    backfill: Backfill | null;
  }
>;

export type ItemRevised = EventShape<
  'ItemRevised',
  {
    item: ItemId;
    feed: FeedId;
    /** 1 for the first revision. */
    revision: number;
    content: ContentHash;
    previous: ContentHash;
    published: string | null;
    backfill: Backfill | null;
  }
>;

/** Why there is no full text of an item, though its feed asks for them. */
export type TextMiss =
  /** It has no link, or its feed no longer asks. */
  | 'unwanted'
  /** The site asks robots to leave the page alone. */
  | 'robots'
  /** No answer, or none that counts, as often as it was tried. */
  | 'unreachable'
  /** The site does not let us read it (401, 402, 403, 451). */
  | 'refused'
  /** There is no such page (404, 410 and their like). */
  | 'gone'
  /** It leads to an address that is not for everybody. */
  | 'guarded'
  /** What came is no page that can be read within the limits. */
  | 'unreadable'
  /** There is hardly any text in it. */
  | 'too-little'
  /** It ends where paying begins. */
  | 'paywall'
  /** It asks for consent, a sign of life or a browser in place of the article. */
  | 'consent'
  /** It says no more than the feed did. */
  | 'same';

/** What the page of an item says came to be known: it is part of the item's words until they are revised. */
export type ItemTextFetched = EventShape<
  'ItemTextFetched',
  {
    item: ItemId;
    /** The words it goes with. */
    content: ContentHash;
    /** Hash of title, summary and full text together, which are kept beside the log. */
    text: ContentHash;
    /** The URL that answered. */
    url: string;
    /** UTF-16 units of the full text as it is kept. */
    characters: number;
    /** Whether there was more. */
    cut: boolean;
    /** Another host's page that this one names as the original: noted, and nobody's identity. */
    canonical: string | null;
  }
>;

/** There is no full text with these words, for good. */
export type ItemTextMissed = EventShape<
  'ItemTextMissed',
  {
    item: ItemId;
    /** The words that are left without. */
    content: ContentHash;
    kind: TextMiss;
    /** In words, for people. */
    reason: string;
    /** Of the last answer; null where there was none. */
    status: number | null;
  }
>;

/** Other names that an item goes by. */
export interface Alias {
  /** Whose feed said so: guids are a publisher's own. */
  readonly publisher: PublisherId;
  /** Another link, absolute, without tracking parameters; null where the link is a known one. */
  readonly url: string | null;
  /** Another guid, as given; null where the guid is a known one. */
  readonly guid: string | null;
}

/**
 * The item was seen under another link or guid: its publisher moved it, or serves it under several. It is the same article, and its
 * words are not touched by this.
 */
export type ItemAliased = EventShape<'ItemAliased', Alias & { item: ItemId; feed: FeedId }>;

/** `body` is the full text of the page. */
export type Field = 'title' | 'text' | 'body';

/** Where a subject is named: UTF-16 offsets into the field as the item carries it. */
export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly surface: string;
  readonly field: Field;
  /** The alias or cue of the dossier that matched. */
  readonly alias: string;
  /** The rule that let it stand, as classify names it. */
  readonly rule: string;
}

export type SubjectKind =
  'person' | 'place' | 'organisation' | 'country' | 'agreement' | 'measure' | 'policy' | 'topic';

export interface Tag {
  readonly id: SubjectId;
  readonly kind: SubjectKind;
  /** 0..1: how much the item is about it (see classify/salience.ts). */
  readonly salience: number;
  readonly mentions: readonly Mention[];
}

/** A name that was considered and not taken. */
export interface Refusal {
  readonly id: SubjectId;
  readonly field: Field;
  /** UTF-16 offsets into the field. */
  readonly start: number;
  readonly end: number;
  readonly surface: string;
  readonly alias: string;
  /** The rule that refused it, as classify names it. */
  readonly rule: string;
}

/** Refusals kept of one item at most, the most telling first. */
export const REFUSALS_MAX = 20;

/** Words that an event's type rests on: those that speak for it alone, not the names of the parties. */
export interface Cue {
  readonly field: Field;
  /** UTF-16 offsets into the field. */
  readonly start: number;
  readonly end: number;
  readonly surface: string;
  /** `act` where the words say what is done, `theme` where they go with it. */
  readonly rule: string;
}

/** What kind of act an item reports, and who does it to whom as far as the text shows it. */
export interface ReportedEvent {
  readonly type: EventType;
  /** 0..1. */
  readonly confidence: number;
  readonly from: readonly SubjectId[];
  readonly to: readonly SubjectId[];
  readonly cues: readonly Cue[];
}

/** Why the tags were made: the item was new, its words changed, its full text came, or the gazetteer or the tagger changed. */
export type TagCause = 'ingested' | 'revised' | 'fetched' | 'retagged';

export type ItemTagged = EventShape<
  'ItemTagged',
  {
    item: ItemId;
    content: ContentHash;
    /** That of the ItemTextFetched whose full text was tagged too; null where there was none. */
    text: ContentHash | null;
    cause: TagCause;
    lang: string | null;
    backfill: Backfill | null;
    /** Equal for copies: a digest of the normalised title (see classify/copy-key.ts); empty where that says too little. */
    copyKey: string;
    tags: readonly Tag[];
    /** 0..1: how much the item is of the dossier (see classify/relevance.ts); null where it was tagged before that was asked. */
    relevance: number | null;
    /** What it reports; null where it reports none of these acts, and where nobody looked. */
    event: ReportedEvent | null;
    /** At most REFUSALS_MAX. */
    refused: readonly Refusal[];
    dossier: string;
    tagger: string;
    /** The version of the event model; empty where none was asked. */
    model: string;
  }
>;

/** A person had the words of an item deleted: those of all its revisions, wherever else the same words stood. */
export type ItemTakenDown = EventShape<
  'ItemTakenDown',
  {
    item: ItemId;
    /** Every text the item ever had, oldest first. */
    contents: readonly ContentHash[];
    reason: string;
    /** Who asked for it; null where nobody was named. */
    by: string | null;
  }
>;

export const ITEM_EVENT_TYPES = [
  'ItemIngested',
  'ItemRevised',
  'ItemAliased',
  'ItemTextFetched',
  'ItemTextMissed',
  'ItemTagged',
  'ItemTakenDown',
] as const;
export type ItemEvent =
  ItemIngested | ItemRevised | ItemAliased | ItemTextFetched | ItemTextMissed | ItemTagged | ItemTakenDown;

const TYPES: ReadonlySet<string> = new Set(ITEM_EVENT_TYPES);

/** Whether an event is one of an item's stream. */
export function isItemEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { readonly type: ItemEvent['type'] }> {
  return TYPES.has(event.type);
}

/** An item as its stream tells it. */
export interface ItemState {
  readonly item: ItemId | null;
  readonly feed: FeedId | null;
  readonly publisher: PublisherId | null;
  readonly url: string | null;
  readonly guid: string | null;
  /** The other names it goes by, in the order they were seen. */
  readonly aliases: readonly Alias[];
  readonly lang: string | null;
  readonly published: string | null;
  readonly content: ContentHash | null;
  readonly revision: number;
  /** That of the full text that belongs to the words it has now; null while there is none. */
  readonly text: ContentHash | null;
  /** Whether there is none for good. */
  readonly textMissed: boolean;
  /** The full text that came last, be it of earlier words; null where none ever did. */
  readonly lastText: ItemTextFetched['data'] | null;
  /** Whether the words it has now came with a backfill. */
  readonly backfill: Backfill | null;
  /** What the words it has now were last tagged with; null while they are untagged. */
  readonly tagged: {
    readonly content: ContentHash;
    readonly text: ContentHash | null;
    readonly dossier: string;
    readonly tagger: string;
  } | null;
  /** Whether its words were taken down: then it gets no others. */
  readonly takenDown: boolean;
}

export const initialItem: ItemState = {
  item: null,
  feed: null,
  publisher: null,
  url: null,
  guid: null,
  aliases: [],
  lang: null,
  published: null,
  content: null,
  revision: 0,
  text: null,
  textMissed: false,
  lastText: null,
  backfill: null,
  tagged: null,
  takenDown: false,
};

/** One event further: the state of an item after `event`. */
export function evolveItem(state: ItemState, event: ItemEvent): ItemState {
  switch (event.type) {
    case 'ItemIngested': {
      const { item, feed, publisher, url, guid, lang, published, content, backfill } = event.data;
      const known = { item, feed, publisher, url, guid, lang, published, content, backfill };
      return { ...initialItem, ...known };
    }
    case 'ItemRevised': {
      const { content, revision, backfill } = event.data;
      // The first date the source gave stands: a page that is touched again was not published again.
      const published = state.published ?? event.data.published;
      return { ...state, content, published, revision, backfill, text: null, textMissed: false };
    }
    case 'ItemAliased': {
      const { publisher, url, guid } = event.data;
      return { ...state, aliases: [...state.aliases, { publisher, url, guid }] };
    }
    case 'ItemTextFetched':
      return event.data.content === state.content
        ? { ...state, text: event.data.text, lastText: event.data }
        : { ...state, lastText: event.data };
    case 'ItemTextMissed':
      return event.data.content === state.content ? { ...state, textMissed: true } : state;
    case 'ItemTagged': {
      const { content, text, dossier, tagger } = event.data;
      return { ...state, tagged: { content, text, dossier, tagger } };
    }
    case 'ItemTakenDown':
      return { ...state, takenDown: true };
  }
}
