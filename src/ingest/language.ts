/** How many UTF-16 units decide: a headline and its lead are enough. */
const SAMPLE_CHARS_MAX = 600;
/** Share of letters a script needs to have before it contradicts what the feed says. */
const SCRIPT_SHARE_MIN = 0.3;

// Only in one of the two Chinese scripts, common in news. Characters that Japanese shares with one of them
// are of no harm: text with kana is Japanese before these are looked at.
const SIMPLIFIED = new Set('们个来对国这为时会发经务书长门问间东车马见贝风飞说话语请让认议论谈访设许该词试读谁调谢谅质贸资费进远连选还运过边达际陈陆难页项领题额预频华单卖卫厅历压参双变叶号听团园图场坏坚执扩报担择损换据术机权极构标样档桥检汉汤没济涨测润爱独献环现电画疗监盖确礼离种积称稳穷竞笔签简类粮红约级纪纯纲线组细织终结给络统继续维综绿网罗职联节药获营虑虽补规视觉览观计订讯记讲证评识诉译财责败货购贯贴贺赛赞转轮软较输辑邮邻郑释针银锁错键镇闭闻阅队阳阴阶险随隐韩韦顺须顾顿颁饭馆验鱼鸟麦黄齐龙'); // prettier-ignore
const TRADITIONAL = new Set('們個來對國這為時會發經務書長門問間東車馬見貝風飛說話語請讓認議論談訪設許該詞試讀誰調謝諒質貿資費進遠連選還運過邊達際陳陸難頁項領題額預頻華單賣衛廳歷壓參雙變葉號聽團園圖場壞堅執擴報擔擇損換據術機權極構標樣檔橋檢漢湯沒濟漲測潤愛獨獻環現電畫療監蓋確禮離種積稱穩窮競筆簽簡類糧紅約級紀純綱線組細織終結給絡統繼續維綜綠網羅職聯節藥獲營慮雖補規視覺覽觀計訂訊記講證評識訴譯財責敗貨購貫貼賀賽贊轉輪軟較輸輯郵鄰鄭釋針銀鎖錯鍵鎮閉聞閱隊陽陰階險隨隱韓韋順須顧頓頒飯館驗魚鳥麥黃齊龍臺灣'); // prettier-ignore
const ENGLISH = /\b(?:the|of|to|in|and|for|on|with|is|are|at|by|from|as|after|over|says|said|will|its)\b/i;

// What feeds write for a language and should not: country codes, underscores, names.
const SLIPS: Readonly<Record<string, string>> = {
  kr: 'ko', kor: 'ko', korean: 'ko', jp: 'ja', jpn: 'ja', japanese: 'ja', cn: 'zh-Hans', chn: 'zh-Hans', tw: 'zh-Hant',
  chinese: 'zh', chi: 'zh', zho: 'zh', eng: 'en', english: 'en', us: 'en', gb: 'en', uk: 'en',
}; // prettier-ignore
const HANT_REGIONS = new Set(['TW', 'HK', 'MO']);

/**
 * The language a feed names, as this house writes it: the primary subtag, and for Chinese its script where it
 * is known (`zh-Hans`, `zh-Hant`, else `zh`). Null for what is no language.
 */
export function languageOf(written: string | null): string | null {
  const tag = (written ?? '').trim().toLowerCase().replace(/_/g, '-');
  const slip = SLIPS[tag];
  if (slip !== undefined) return slip;
  // Beyond 35 characters it is prose, and Intl is slow to say so.
  if (tag.length > 35 || !/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/.test(tag)) return null;
  const primary = tag.slice(0, tag.includes('-') ? tag.indexOf('-') : undefined);
  // `und` is how BCP 47 writes that nobody knows.
  if (primary === 'und') return null;
  if (primary !== 'zh') return primary;
  return chineseTag(tag);
}

function chineseTag(tag: string): string {
  if (/-hant\b/.test(tag)) return 'zh-Hant';
  if (/-hans\b/.test(tag)) return 'zh-Hans';
  const region = /-([a-z]{2})\b/.exec(tag)?.[1]?.toUpperCase();
  if (region === undefined) return 'zh';
  return HANT_REGIONS.has(region) ? 'zh-Hant' : 'zh-Hans';
}

interface Scripts {
  hangul: number;
  kana: number;
  han: number;
  latin: number;
  /** Letters of Chinese that only one of the two scripts has: above 0 means simplified. */
  simplified: number;
}

const isBetween = (letter: string, first: string, last: string): boolean => letter >= first && letter <= last;

/**
 * The script of a letter, among those told apart here. Nearly all are found by where they stand: an expression asked of each letter
 * took a third of the time that reading a feed takes.
 */
function scriptOfLetter(letter: string): 'hangul' | 'kana' | 'han' | 'latin' | null {
  if (letter < '\u0080') return isBetween(letter.toLowerCase(), 'a', 'z') ? 'latin' : null;
  if (isBetween(letter, '가', '힣') || isBetween(letter, 'ㄱ', 'ㆎ')) return 'hangul';
  if (isBetween(letter, 'ぁ', 'ゖ') || isBetween(letter, 'ァ', 'ヺ')) return 'kana';
  if (isBetween(letter, '一', '\u9fff') || /\p{Script=Han}/u.test(letter)) return 'han';
  return /\p{Script=Latin}/u.test(letter) ? 'latin' : null;
}

function countScripts(text: string): Scripts {
  const found: Scripts = { hangul: 0, kana: 0, han: 0, latin: 0, simplified: 0 };
  for (const letter of text.slice(0, SAMPLE_CHARS_MAX)) {
    const script = scriptOfLetter(letter);
    if (script === null) continue;
    found[script] += 1;
    if (script !== 'han') continue;
    if (SIMPLIFIED.has(letter)) found.simplified += 1;
    if (TRADITIONAL.has(letter)) found.simplified -= 1;
  }
  return found;
}

function chineseOf(scripts: Scripts): string {
  if (scripts.simplified === 0) return 'zh';
  return scripts.simplified > 0 ? 'zh-Hans' : 'zh-Hant';
}

/**
 * The language the letters of a text show, thinly: by script alone, and English by its small words. Null
 * where that tells nothing.
 */
export function guessLanguage(text: string): string | null {
  const scripts = countScripts(text);
  // One Chinese or Korean letter says about as much as two of an alphabet.
  const all = 2 * (scripts.hangul + scripts.kana + scripts.han) + scripts.latin;
  if (all === 0) return null;
  if ((2 * scripts.hangul) / all >= SCRIPT_SHARE_MIN) return 'ko';
  // A Chinese text may quote a Japanese word; a Japanese one has kana everywhere.
  if (scripts.kana > 0 && scripts.kana >= scripts.han * 0.1) return 'ja';
  if ((2 * scripts.han) / all >= SCRIPT_SHARE_MIN) return chineseOf(scripts);
  return scripts.latin > 0 && ENGLISH.test(text.slice(0, SAMPLE_CHARS_MAX)) ? 'en' : null;
}

const scriptOf = (lang: string): string => (/^(?:ko|ja|zh)/.exec(lang) ?? ['other'])[0];

/**
 * So many Han letters in a row of news without one kana or hangul are Chinese, whatever the feed says; a
 * headline may well have fewer.
 */
const HAN_ALONE_MIN = 40;

/** Whether letters of another script than the feed's language really speak against it. */
function contradicts(said: string, shown: string, text: string): boolean {
  const scripts = countScripts(text);
  // A name in its own letters does not make an English headline Chinese.
  if (scriptOf(said) === 'other') return 2 * (scripts.hangul + scripts.kana + scripts.han) > scripts.latin;
  return !shown.startsWith('zh') || scripts.han >= HAN_ALONE_MIN;
}

/**
 * The language of an item: what its feed says, unless the letters contradict it; then, or where the feed says
 * nothing, what they show. A headline in Han letters alone does not contradict Japanese or Korean.
 */
export function itemLanguage(declared: string | null, text: string): string | null {
  const said = languageOf(declared);
  const shown = guessLanguage(text);
  if (said === null || shown === null) return said ?? shown;
  if (scriptOf(said) === scriptOf(shown)) return said === 'zh' && shown.startsWith('zh') ? shown : said;
  return contradicts(said, shown, text) ? shown : said;
}
