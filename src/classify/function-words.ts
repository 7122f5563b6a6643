import { UnitWords } from './unit-words.ts';
import { LANGS } from './word-marks.ts';

/** Words that sentences of a language can hardly do without, and that are no words of English; `en` has those that no other has. */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  en:
    'the of to and for with after says said are were will has have had that from by its his her they their be been not but who ' +
    'what why how this these amid against than into about could would should may which while because before between during',
  fr: 'et leurs le la les un une des du de dans sur avec est sont au aux qui que ses leur entre après cette ce ont ne pas se l chez sous été',
  de:
    'der das und den dem des ein eine einen im mit von zu zum zur auf für ist sich nicht nach bei aus wird werden auch über vor wie ' +
    'gegen nehmen sind haben als noch neue neuer trotz wegen ihre',
  es: 'el la los las del de un una por con para en se su sus que como más entre y lo es tras este han sobre contra ya nuevas',
  it: 'il la gli di del della dei delle che un una con si nel nella alla sono è l tra dopo verso le ha anche ai dal dalla perché',
  pt: 'os da dos das de em na para com por que não uma um ao são pelo pela após entre mais foi sobre contra nas nos',
  nl: 'het een van de voor op naar niet zijn wordt aan bij uit ook dat tegen tot wil worden heeft nog en zich',
  id:
    'yang dan di ke dari untuk dengan pada ini itu akan dalam tidak adalah oleh telah kepada terhadap juga antara para bagi kata tak ' +
    'lagi sebagai karena saat baru pekan kedua sambung hadkan',
  vi: 'và của tại với cho không trong người nước các được về hội đến là ngày tới lên ra dự sang nối ký vì sao hai',
  tr: 've bir bu için ile olarak sonra kadar yeni daha gibi çok en ise',
  pl: 'na się nie jest że oraz po przez dla od ze jak za przed',
  sv: 'och att det som är med av på för den ett inte till från efter ska har',
  da: 'og af til ikke på er det som med den et fra efter en skal har der på',
  tl: 'ng sa mga ang ay na kay ni para nang si dahil ito hindi',
};

/** The languages of function words, primary subtags, by number. */
export const FUNCTION_WORD_LANGS = Object.keys(FUNCTION_WORDS);

/** For each word the languages it speaks for: a bit at the number of each. Of other languages' words only those in small letters count: Dan and Van are names. */
function build(): ReadonlyMap<string, number> {
  if (1 << FUNCTION_WORD_LANGS.length > LANGS + 1)
    throw new RangeError(`${FUNCTION_WORD_LANGS.length} languages have no bits of their own in ${LANGS}`);
  const langs = new Map<string, number>();
  FUNCTION_WORD_LANGS.forEach((lang, number) => {
    for (const word of FUNCTION_WORDS[lang]?.split(' ') ?? []) {
      langs.set(word, (langs.get(word) ?? 0) | (1 << number));
    }
  });
  const english = 1 << FUNCTION_WORD_LANGS.indexOf('en');
  for (const word of FUNCTION_WORDS['en']?.split(' ') ?? []) {
    langs.set(word.charAt(0).toUpperCase() + word.slice(1), english);
  }
  return langs;
}

/** The languages that a function word speaks for, as bits. */
export const LANGS_OF_WORD = new UnitWords(build());
