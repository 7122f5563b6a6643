/** How many bytes around letters beyond ASCII are looked at. */
const SAMPLE_BYTES_MAX = 16 * 1024;
/** Above this share of bytes beyond ASCII that stand alone, a text is in a charset of one byte a letter. */
const ALONE_SHARE_MAX = 0.6;

/** Up to this share of common letters a reading is chance. */
const CHANCE_SHARE_MAX = 0.03;

// The letters that make up most of any text of the language (particles, endings, function words, what news is
// about), in the charset's script.
const COMMON: Readonly<Record<string, string>> = {
  'euc-kr':
    '이다는의에가을를한고로서지인도기사자은대해정하수시으과장일국전부상원제리동회주보공성여관세어관경나라아만년스',
  shift_jis: 'のにはをたがでてとしれさいるもなこらりかっくんあうけきまよーンスルトリアイ日本国人年大会中月政',
  'euc-jp': 'のにはをたがでてとしれさいるもなこらりかっくんあうけきまよーンスルトリアイ日本国人年大会中月政',
  gb18030:
    '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又利比或但质气第向道变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手期根论运农指几区强放决西被做必战先回则任取据处世界美首访谈议贸交韩朝岛京市报网记今称近项',
  big5: '的一是在不了有和人這中大為上個國我以要他時來用們生到作地于出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經十三之進著等部度家電力裡如水化高自二理起小物現實加量都兩體制機當使點從業本去把性好應開它合還因由其些然前外天政四日那社義事平形相全表樣與關各重新線數正心反你明看原又利比或但質氣第向道變條只沒結解問意建月公無系軍很情者最立代想已通并提直題黨程展五果員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖山統接知較將組見計別她手期根論運農指幾區放西被做必戰先回則任取据處世界美首訪談議貿交韓朝島京市報網記今稱近項間內強決',
};

/** The part of the bytes that tells most: what surrounds letters beyond ASCII, up to a bound. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  return first < 0 ? bytes.subarray(0, 0) : bytes.subarray(first, first + SAMPLE_BYTES_MAX);
}

/** Share of common letters among those beyond ASCII; unreadable and half-width ones count against it. */
function commonShare(text: string, common: ReadonlySet<string>): number {
  let beyond = 0;
  let score = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80) continue;
    beyond += 1;
    if (common.has(letter)) score += 1;
    else if (code === 0xfffd || (code >= 0xe000 && code < 0xf900) || (code >= 0xff61 && code < 0xffa0))
      score -= 1;
  }
  return beyond === 0 ? 0 : score / beyond;
}

/**
 * Share of bytes beyond ASCII with ASCII on either side: accents and curly quotes stand alone, East Asian
 * letters stand together.
 */
function aloneShare(bytes: Uint8Array): number {
  let beyond = 0;
  let alone = 0;
  bytes.forEach((byte, index) => {
    if (byte < 0x80) return;
    beyond += 1;
    if ((bytes[index - 1] ?? 0) < 0x80 && (bytes[index + 1] ?? 0) < 0x80) alone += 1;
  });
  return beyond === 0 ? 1 : alone / beyond;
}

/** Reads bytes in a charset; what cannot be read comes as U+FFFD. */
export type CharsetReader = (bytes: Uint8Array, charset: string) => string;

interface Guess {
  readonly charset: string;
  /** Share of letters beyond ASCII that are common in its language, less what makes no sense. */
  readonly share: number;
}

function eastAsianGuess(sample: Uint8Array, read: CharsetReader): Guess | null {
  let best: Guess | null = null;
  for (const [charset, letters] of Object.entries(COMMON)) {
    const share = commonShare(read(sample, charset), new Set(letters));
    if (share > (best?.share ?? CHANCE_SHARE_MAX)) best = { charset, share };
  }
  return best;
}

/**
 * The charset among EUC-KR, Shift_JIS, EUC-JP, GB18030 and Big5 under which the bytes read as the commonest
 * letters of its language; windows-1252 when letters beyond ASCII stand alone, or no reading makes sense. For
 * bytes that are not UTF-8.
 */
export function guessCharset(bytes: Uint8Array, read: CharsetReader): string {
  const sample = sampleOf(bytes);
  if (aloneShare(sample) > ALONE_SHARE_MAX) return 'windows-1252';
  return eastAsianGuess(sample, read)?.charset ?? 'windows-1252';
}

/** Bytes beyond ASCII below which nothing can be held against a declaration. */
const EVIDENCE_BYTES_MIN = 8;
/** Share of common letters that chance does not bring, and how many times that of the declared charset. */
const SURE_SHARE_MIN = 0.2;
const SURE_TIMES_MIN = 2;

/**
 * Whether the bytes speak against the charset they are declared to be in: most pairs of bytes are letters in
 * several East Asian charsets, so that a wrong one is read without an error, and as nonsense. True when
 * another of them reads as the language it is made for and this one does not.
 */
export function contradictsCharset(bytes: Uint8Array, declared: string, read: CharsetReader): boolean {
  const sample = sampleOf(bytes);
  const beyond = sample.reduce((count, byte) => (byte > 0x7f ? count + 1 : count), 0);
  if (beyond < EVIDENCE_BYTES_MIN || aloneShare(sample) > ALONE_SHARE_MAX) return false;
  const guess = eastAsianGuess(sample, read);
  if (guess === null || guess.share < SURE_SHARE_MIN || declared.startsWith(guess.charset)) return false;
  const letters = COMMON[declared];
  if (letters === undefined) return true;
  return guess.share > SURE_TIMES_MIN * commonShare(read(sample, declared), new Set(letters));
}
