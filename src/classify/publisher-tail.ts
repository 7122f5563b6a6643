import type { Publisher } from '../dossier/dossier.ts';
import { foldedText } from './normalize.ts';

/** UTF-16 units of a publisher's name at the end of a headline, with what parts it from the headline. */
const TAIL_UNITS_MAX = 48;

/** What parts them: a dash, bar or underline. A dash without spaces parts only names in East Asian scripts: `US-Japan Times`. */
const SEPARATOR =
  /(?=[\s|｜_–—-])(?:\s[-–—]\s|\s?[|｜_]\s?|\s?[-–—](?=[\p{sc=Han}\p{sc=Hangul}\p{sc=Katakana}]))/gu;

/** Names by their last words that are media wherever they come from. */
const MEDIA = [
  /^(?:The )?(?:[A-Z][\p{L}.&'’]*[ -]){0,4}(?:Times|Post|Herald|Daily|News|Tribune|Journal|Gazette|Newswire|Press|Shimbun|Ilbo|Shinmun|Agency|Online|Today|Review|Weekly|Magazine|TV|Radio)$/u,
  /^(?:Reuters|AP|AFP|Bloomberg|BBC|CNN|CNBC|CNA|NHK|KBS|MBC|SBS|JTBC|YTN|CGTN|TASS|DW|NPR)(?: [A-Z]\p{L}*)?$/u,
  /^[\p{sc=Hangul}A-Za-z0-9 ]{1,10}(?:일보|신문|뉴스|비즈|방송|타임스|통신|경제TV|저널|헤럴드)$/u,
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー・A-Za-z0-9]{1,12}(?:新聞|新闻|新聞社|新闻网|新聞網|新华网|日報|日报|時報|时报|晚報|晚报|早报|早報|通信|通訊社|通讯社|ニュース|放送|電視|电视台|テレビ|オンライン|デジタル|デイリー|タイムズ|電子版|日本語版|中文版|财经|財經|周刊|週刊|网|網)$/u,
];

function lastSeparator(text: string): RegExpExecArray | null {
  let last: RegExpExecArray | null = null;
  SEPARATOR.lastIndex = 0;
  for (let next = SEPARATOR.exec(text); next !== null; next = SEPARATOR.exec(text)) last = next;
  return last;
}

/** A headline, and where its own words end: before what names its publisher. */
export type PublisherTail = (title: string) => number;

const bare = (name: string): string => foldedText(name).trim().replace(/^the /, '');

/**
 * Finds where a headline ends before the name of its publisher (` - Reuters`, `｜朝日新聞`, `-조선일보`), which feeds, aggregators and
 * page titles add to it: it names countries and cities that the item does not speak of. A name counts when it is one of the
 * dossier's publishers, or ends as names of media do; a source (` — Wang Yi`) is part of the headline.
 */
export function publisherTail(publishers: readonly Pick<Publisher, 'name'>[]): PublisherTail {
  const known = new Set(publishers.map(({ name }) => bare(name)));
  return (title) => {
    const from = Math.max(0, title.length - TAIL_UNITS_MAX);
    const last = lastSeparator(title.slice(from));
    // A headline that is nothing but a name is no tail.
    if (last === null || from + last.index === 0) return title.length;
    const tail = title.slice(from + last.index + last[0].length).trim();
    const named = known.has(bare(tail)) || MEDIA.some((form) => form.test(tail));
    return named ? from + last.index : title.length;
  };
}
