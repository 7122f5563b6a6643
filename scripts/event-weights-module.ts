import type { EventLang } from '../src/classify/event-langs.ts';
import type { EventWeights } from '../src/classify/event-model.ts';
import { versionOf } from './event-training.ts';

function languageText(lang: string, { prior, absent, features }: EventWeights): string {
  return `  ${lang}: {
    prior: [${prior.join(', ')}],
    absent: [${absent.join(', ')}],
    features: '${features}',
  },`;
}

/** The committed model as a module of src/classify. */
export function weightsModule(weights: Readonly<Record<EventLang, EventWeights>>): string {
  const langs = Object.entries(weights).map(([lang, of]) => languageText(lang, of));
  return `import type { EventLang } from './event-langs.ts';
import type { EventWeights } from './event-model.ts';

// Written by npm run train from fixtures/event-types: not to be edited by hand.

/** The first digits of a digest of the weights: it stands on every event that they decided. */
export const EVENT_MODEL_VERSION = '${versionOf(weights)}';

/** See EventWeights. */
export const EVENT_WEIGHTS: Readonly<Record<EventLang, EventWeights>> = {
${langs.join('\n')}
};
`;
}
