import type { TextMiss } from '../events/item.ts';
import type { HttpFailure } from '../net/failure.ts';
import type { HttpAnswer, HttpOutcome } from '../net/http.ts';
import { retryAfterMs } from '../net/retry-after.ts';
import type { RobotsAnswer } from '../net/robots.ts';
import type { PageText } from './page-text.ts';

/** Letters that a full text has at least; East Asian scripts say as much in a third of them. */
const LETTERS_MIN = 240;
const EAST_ASIAN_LETTERS_MIN = 80;
/** Up to so many letters a page may be no more than a notice that stands in for the article. */
const NOTICE_LETTERS_MAX = 1_500;
/** Letters that a page must say beyond title and summary. */
const NEWS_LETTERS_MIN = 60;

/** Why there is no full text, for good. */
export interface Missed {
  readonly kind: TextMiss;
  /** In words, for people. */
  readonly reason: string;
  readonly status: number | null;
}

/** What an answer to the request for a page means. */
export type PageAnswer =
  | { readonly kind: 'page'; readonly answer: HttpAnswer }
  | { readonly kind: 'missed'; readonly missed: Missed }
  /** It may be another time. */
  | {
      readonly kind: 'later';
      readonly reason: string;
      readonly status: number | null;
      readonly retryAfterMs: number | null;
    };

type NoPage = Exclude<PageAnswer, { kind: 'page' }>;

/** 402 is paying, 451 is what censors and lawyers answer. */
const REFUSED_STATUSES = new Set([401, 402, 403, 407, 451]);
/** 408, 425 and 429 ask to come again. */
const LATER_STATUSES = new Set([408, 425, 429]);
const UNREADABLE_CODES: ReadonlySet<HttpFailure['code']> = new Set<HttpFailure['code']>([
  'too-large',
  'too-many-redirects',
  'bad-redirect',
  'bad-url',
  'bad-encoding',
]);

function failed({ code, reason }: HttpFailure): NoPage {
  if (code === 'blocked-address') return missed('guarded', reason, null);
  if (UNREADABLE_CODES.has(code)) return missed('unreadable', reason, null);
  return { kind: 'later', reason, status: null, retryAfterMs: null };
}

function missed(kind: TextMiss, reason: string, status: number | null): NoPage {
  return { kind: 'missed', missed: { kind, reason, status } };
}

/** Whether an article's address led to a front page, which is how sites say that they no longer have it. */
function isFrontPage(asked: string, answered: string): boolean {
  const [from, to] = [new URL(asked), new URL(answered)];
  return from.pathname !== '/' && to.pathname === '/' && to.search === '';
}

/** What came of a request for the page at `asked`. */
export function pageAnswerOf(asked: string, outcome: HttpOutcome, now: Date): PageAnswer {
  if (outcome.kind === 'failed') return failed(outcome);
  const { status, url, headers } = outcome;
  const reason = `${url}: answered ${status}`;
  if (REFUSED_STATUSES.has(status)) return missed('refused', reason, status);
  if (status >= 500 || LATER_STATUSES.has(status))
    return { kind: 'later', reason, status, retryAfterMs: retryAfterMs(headers['retry-after'], now) };
  if (status < 200 || status > 299) return missed('gone', reason, status);
  if (isFrontPage(asked, url)) return missed('gone', `${asked} leads to the front page of its site`, status);
  return { kind: 'page', answer: outcome };
}

/** Why a page is not asked for, or not kept, by what its site's robots.txt says; null where it may be. */
export function refusalByRobots(rules: RobotsAnswer): NoPage | null {
  switch (rules.kind) {
    case 'allowed':
      return null;
    case 'disallowed':
      return missed('robots', rules.reason, null);
    case 'unreachable': {
      if (rules.code === 'blocked-address') return missed('guarded', rules.reason, null);
      const reason = `no rules for robots to be had: ${rules.reason}`;
      return { kind: 'later', reason, status: rules.status, retryAfterMs: rules.retryAfterMs };
    }
  }
}

/** Rules for robots in a page or its headers that keep us from keeping what it says. */
const NO_KEEPING = /(?:^|[\s,:])(?:noindex|noarchive|none)(?=$|[\s,])/;

const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

function isEnough(letters: string): boolean {
  const eastAsian = letters.match(EAST_ASIAN)?.length ?? 0;
  return letters.length >= (eastAsian * 2 > letters.length ? EAST_ASIAN_LETTERS_MIN : LETTERS_MIN);
}

// What stands where an article would: as sites write it, in the languages of the dossier.
const PAYWALL =
  /subscribe (?:now )?to (?:continue|read|keep reading)|(?:to )?(?:continue|keep) reading,? (?:please )?(?:subscribe|log ?in|sign ?in)|already a subscriber|this (?:article|content|story) is (?:for|only available to|reserved for) (?:our )?(?:paid |paying )?(?:subscribers|members)|유료 ?(?:회원|구독|콘텐츠|기사)|구독자 전용|로그인 (?:후|하시면)[^.]{0,20}(?:이용|보실|읽)|有料会員|会員限定|続きを読むには|残り\s?[0-9,０-９]+\s?文字|この記事は会員|订阅后(?:可|继续)|付费(?:阅读|会员|内容)|登录后(?:可|继续)|訂閱後|訂閱(?:會員|戶)專享|付費(?:閱讀|會員|內容)|會員限定/iu;
const CONSENT =
  /before you continue to|we (?:and our partners )?(?:use|value your)\s?(?:cookies|privacy)|accept (?:all )?cookies|verify (?:that )?you are (?:a )?human|are you a robot|checking your browser|enable (?:javascript|cookies)|just a moment\.\.\.|access denied|unusual traffic|쿠키(?:를|의)? ?(?:사용|허용)|자바스크립트를 (?:활성화|사용)|로봇이 아닙니다|javascriptを有効|cookieを(?:使用|有効)|ロボットではありません|请(?:开启|启用)\s?javascript|請(?:開啟|啟用)\s?javascript|安全验证|安全驗證|不是机器人|不是機器人/iu;
const CONSENT_HOSTS = /^(?:consent|guce|myprivacy|privacy)\./;

/** The words that an item has from its feed. */
export interface LeadWords {
  readonly title: string;
  readonly summary: string;
}

function notice(letters: string, { text, title }: PageText, url: string): TextMiss | null {
  if (CONSENT_HOSTS.test(new URL(url).hostname)) return 'consent';
  if (letters.length > NOTICE_LETTERS_MAX) return null;
  if (CONSENT.test(title) || CONSENT.test(text)) return 'consent';
  return PAYWALL.test(text) ? 'paywall' : null;
}

/** Whether a text says hardly more than title and summary do, which it may repeat. */
function saysTheSame(letters: string, { title, summary }: LeadWords): boolean {
  const known = [lettersOf(title), lettersOf(summary)].filter((part) => part !== '');
  if (known.some((part) => part.includes(letters))) return true;
  const rest = known.reduce((left, part) => left.replace(part, ''), letters);
  const eastAsian = rest.match(EAST_ASIAN)?.length ?? 0;
  return rest.length + 2 * eastAsian < NEWS_LETTERS_MIN;
}

const REASONS: Readonly<Record<'paywall' | 'consent' | 'same', string>> = {
  paywall: 'it ends where paying or logging in begins',
  consent: 'it asks for consent, or whether a person reads, in place of the article',
  same: 'it says no more than the feed did',
};

/** Why what a page says is not the full text of an item; null when it is. */
export function refusalOf(page: PageText, answer: HttpAnswer, lead: LeadWords): Missed | null {
  const { status, url, headers } = answer;
  const refuse = (kind: TextMiss, reason: string): Missed => ({ kind, reason, status });
  const asks = `${page.robots},${(headers['x-robots-tag'] ?? '').toLowerCase()}`;
  if (NO_KEEPING.test(asks)) return refuse('robots', 'the page asks robots not to keep it');
  // Some send all of it and hide it from readers who have not paid: taking it would be taking.
  if (page.isPaid) return refuse('paywall', 'the page says that it is not free to read');
  const letters = lettersOf(page.text);
  const standsIn = notice(letters, page, url);
  if (standsIn === 'paywall' || standsIn === 'consent') return refuse(standsIn, REASONS[standsIn]);
  if (letters !== '' && saysTheSame(letters, lead)) return refuse('same', REASONS.same);
  if (!isEnough(letters))
    return refuse('too-little', `there is hardly any text in it: ${letters.length} letters`);
  return null;
}

/** The original that a page names, where that is on another host: worth a note, and nobody's identity. */
export function canonicalElsewhere({ canonical }: PageText, url: string): string | null {
  const hostOf = (text: string): string => new URL(text).hostname.replace(/^(?:www|m|amp|mobile)\./, '');
  return canonical !== null && hostOf(canonical) !== hostOf(url) ? canonical : null;
}
