import type { AlertRaised, AlertSuppressed, SubjectMatch, WordMatch } from './alert.ts';
import type { ItemTagged3 } from './before-relevance.ts';
import type { Mention, Tag, TagCause } from './item.ts';

/** What events carried before there were full texts: see upcast.ts. */

interface InLead {
  readonly field: 'title' | 'text';
}
type LeadMatch = SubjectMatch | (Omit<WordMatch, 'field'> & InLead);
type LeadTag = Omit<Tag, 'mentions'> & { readonly mentions: readonly (Omit<Mention, 'field'> & InLead)[] };

export type AlertRaised1 = Omit<AlertRaised['data'], 'matches'> & { readonly matches: readonly LeadMatch[] };
export type AlertSuppressed2 = Omit<AlertSuppressed['data'], 'matches'> & {
  readonly matches: readonly LeadMatch[];
};
export type ItemTagged2 = Omit<ItemTagged3, 'text' | 'cause' | 'tags'> & {
  readonly cause: Exclude<TagCause, 'fetched'>;
  readonly tags: readonly LeadTag[];
};
