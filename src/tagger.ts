export { createTagger, TAGGER_VERSION } from './classify/tagger.ts';
export type { Tagger, TaggerInput } from './classify/tagger.ts';
export type { Mention, Tag } from './events/item.ts';
