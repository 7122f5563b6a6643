/** How many bytes around letters beyond ASCII are looked at. */
const SAMPLE_BYTES_MAX = 16 * 1024;
/** Below this share of common letters a reading is chance. */
const COMMON_SHARE_MIN = 0.12;

// The letters that make up most of any text of the language (particles, endings, function words), of the charset's script.
const COMMON: Readonly<Record<string, string>> = {
  'euc-kr':
    '이다는의에가을를한고로서지인도기사자은대해정하수시으과장일국전부상원제리동회주보공성여관세어관경나라아만년스',
  shift_jis: 'のにはをたがでてとしれさいるもなこらりかっくんあうけきまよーンスルトリアイ日本国人年大会中月政',
  'euc-jp': 'のにはをたがでてとしれさいるもなこらりかっくんあうけきまよーンスルトリアイ日本国人年大会中月政',
  gb18030: '的一是在不了有和人这中大为上个国我以要他时来用们到作地于出就分对成会主发年同工也能下过民进',
  big5: '的一是在不了有和人這中大為上個國我以要他時來用們到作地於出就分對成會主發年同工也能下過民進',
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
 * The charset among EUC-KR, Shift_JIS, EUC-JP, GB18030 and Big5 under which the bytes read as the commonest letters of its
 * language; windows-1252 when none does. For bytes that are not UTF-8.
 */
export function guessCharset(
  bytes: Uint8Array,
  read: (bytes: Uint8Array, charset: string) => string,
): string {
  const sample = sampleOf(bytes);
  let best = 'windows-1252';
  let bestShare = COMMON_SHARE_MIN;
  for (const [charset, letters] of Object.entries(COMMON)) {
    const share = commonShare(read(sample, charset), new Set(letters));
    if (share > bestShare) {
      best = charset;
      bestShare = share;
    }
  }
  return best;
}
