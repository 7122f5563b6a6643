import { EN_CUES } from './event-cues-en.ts';
import { JA_CUES } from './event-cues-ja.ts';
import { KO_CUES } from './event-cues-ko.ts';
import { ZH_CUES } from './event-cues-zh.ts';
import type { CueLexicon } from './event-cues.ts';
import type { Head } from './event-features.ts';

/** The languages whose items are read for events. */
export type EventLang = 'en' | 'ko' | 'ja' | 'zh';

/** What is particular to a language. */
interface EventLanguage {
  readonly cues: CueLexicon;
  /** Where its headlines have their main act. */
  readonly head: Head;
  /** Headlines of what reports nothing: leaders, columns, questions, weather, pictures, appointments. */
  readonly genre: RegExp;
}

/** How a language labels what reports nothing. */
interface Labels {
  /** Alternatives. */
  readonly words: string;
  /** Of a character class: brackets that hold a label and what goes with it, as in （社説余滴）. */
  readonly open: string;
  readonly close: string;
  /** Marks that are those of speech and of papers' names too: they hold the word alone, or it is no label. */
  readonly quoted: string;
  /** How else a headline shows it. */
  readonly others: string;
}

/**
 * A headline that begins with a label. The words are everyday words too (中国の主張, 中国观察员), so that each must stand in
 * brackets, or alone before a bracket, a colon, a bar or a blank.
 */
function labelled({ words, open, close, quoted, others }: Labels): RegExp {
  const inBrackets = `[${open}]\\s?[^${close}]{0,6}(?:${words})[^${close}]{0,6}[${close}]`;
  const alone = `(?:${words})(?=[\\s：:|｜／/${open}「『《]|$)`;
  return new RegExp(`^(?:${inBrackets}|${quoted}(?:${words})[」》]|${alone})|${others}`, 'u');
}

export const EVENT_LANGS: Readonly<Record<EventLang, EventLanguage>> = {
  en: {
    cues: EN_CUES,
    head: 'first',
    genre:
      /^(?:(?:\[\s?)?(?:opinion|editorial|analysis|explainer|review|comment|column|letter(?: from \p{Lu}\p{L}+)?|podcast|in (?:pictures|maps|charts)|watch|quiz|from the archive|reporter['’]s notebook|weather|the papers)\s*(?:[\]:|–—]|-\s|$)|(?:\d+ |key )?takeaways\b|(?:how|why|what|who|where|is|are|does|did|will|would|could|can|should|has|have)\s.+\?(?:\s|$))/iu,
  },
  ko: {
    cues: KO_CUES,
    head: 'last',
    genre:
      /^(?:[[<【(「『]\s?[^\]>】)」』]{0,8}(?:사설|칼럼|기고|시론|논단|날씨|인사|부고|포토|사진|팩트체크|르포|신간|서평|오피니언|기자수첩|시평|만평|운세|데스크|현장에서|인터뷰|픽|특파원|기획|특징주|핫스톡|시황|유가|증시)|(?:사설|칼럼)\s?[:：|｜])|^[^…‥⋯]*(?:[가-힣](?<!니)까|[되하지오서했었았렸졌왔]나|는가|인가)[?？]?(?:\s?[[(].*)?$/u,
  },
  ja: {
    cues: JA_CUES,
    head: 'last',
    genre: labelled({
      words:
        '社説|主張|論説|春秋|風見鶏|解説|大機小機|私の履歴書|コラム|チャートは語る|年のはじめに|天声人語|余録|産経抄|書評|寄稿|特集',
      open: '（(［\\[＜<【〈',
      close: '）)\\]］＞>】〉',
      quoted: '[「《]',
      // A leader asks of its readers or judges; news says who does what, or quotes it.
      others:
        '^社説(?![がはでにをの])|^[^「」『』]*(?:を|だ|ねば|べきだ|べきか|まい|ならない|許されない|許されぬ|せよ|させよ|急げ|尽くせ|果たせ|示せ|守れ|貫け|目指せ|改めよ|許すな|たい|のか|たのか|たか)$',
    }),
  },
  zh: {
    cues: ZH_CUES,
    head: 'first',
    genre: labelled({
      words:
        '社论|社論|社评|投书|投書|专栏|專欄|书评|書評|观察|觀察|导读|導讀|漫评|图解|圖解|盘点|专题片|访谈|訪談|新征程|.{1,10}(?:导读|導讀)',
      open: '【\\[［',
      close: '】\\]］',
      quoted: '[《「]',
      // As columns are named in Taiwan: `北京觀察》`, `某某專欄：`.
      others:
        '^[^》：:]{0,6}(?:观察|觀察|观点|觀點|专栏|專欄|投书|投書|评论|評論|风评|風評|深度|专文|專文|热议|熱議|解读|解讀)[》：:]',
    }),
  },
};

/** Whether items of the language (a primary subtag) are read for events. */
export function isEventLang(lang: string | null): lang is EventLang {
  return lang !== null && Object.hasOwn(EVENT_LANGS, lang);
}
