import { writeFile } from 'node:fs/promises';
import { EVENT_LANGS, type EventLang } from '../src/classify/event-langs.ts';
import type { EventWeights } from '../src/classify/event-model.ts';
import { EVENT_EXAMPLES, readExamples, trainEvents, versionOf } from './event-training.ts';
import { weightsModule } from './event-weights-module.ts';

/** Trains the event model on the examples and writes it where the tagger reads it. The same examples and cues give the same bytes. */
const WEIGHTS = 'src/classify/event-weights.ts';

const langs = Object.keys(EVENT_LANGS) as EventLang[];
const trained = await Promise.all(
  langs.map(async (lang): Promise<[EventLang, EventWeights]> => {
    const examples = await readExamples(`${EVENT_EXAMPLES}/${lang}.jsonl`);
    return [lang, trainEvents(examples, lang)];
  }),
);
const weights = Object.fromEntries(trained) as Record<EventLang, EventWeights>;
await writeFile(WEIGHTS, weightsModule(weights));
process.stderr.write(`${WEIGHTS}: version ${versionOf(weights)}\n`);
