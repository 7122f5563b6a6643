import type { Dossier } from '../dossier/dossier.ts';
import type { PublisherId } from '../events/ids.ts';
import { readDocumentApart } from '../ingest/apart.ts';
import type { DocumentOutcome } from '../ingest/document.ts';

const HTTP_OK = 200;

export interface DocumentDeps {
  readonly dossier: Pick<Dossier, 'publishers'>;
  readonly now: () => Date;
}

/** A feed's document as it was fetched or pushed. */
export interface FeedBody {
  readonly body: Uint8Array;
  /** What relative links are resolved against. */
  readonly url: string;
  readonly contentType: string | null;
}

/** Reads the document of a feed that the log knows, in the light of what is known of the feed. */
export async function readFeedDocument(
  { dossier, now }: DocumentDeps,
  { publisher, lang }: { readonly publisher: PublisherId; readonly lang: string | null },
  { body, url, contentType }: FeedBody,
): Promise<DocumentOutcome> {
  const country = dossier.publishers.find(({ id }) => id === publisher)?.country ?? '';
  return await readDocumentApart(
    body,
    { url, contentType, status: HTTP_OK, publisher, country, lang },
    now(),
  );
}
