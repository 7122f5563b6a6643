// Parameters that say how a reader came, never what is shown.
const TRACKING =
  /^(?:utm_\w+|at_(?:medium|campaign|custom\d|link\w*|format|bbc_team|ptr_\w+)|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|mkt_tok|_hs(?:enc|mi)|ns_(?:mchannel|source|campaign|linkname|fee)|ocid|ncid|cmpid|cmp|smid|sref|iref|ref_?src|xtor|spm|traffic_source|rssid|_ga|taid|maca|oc)$/i;
// Plain words that are tracking only with these values: as names alone they may choose the page.
const TRACKING_VALUES =
  /^(?:rss|rss[_-]?feed|feed|atom|newsletter|twitter|facebook|social|naver|daum|google|\d{3,5}m)$/i;
const TRACKING_WITH_VALUE = /^(?:from|ref|source|src|feature|partner|input|rss)$/i;

/** Whether a parameter says how a reader came and not what is shown. */
export function isTracking(name: string, value: string): boolean {
  return TRACKING.test(name) || (TRACKING_WITH_VALUE.test(name) && TRACKING_VALUES.test(value));
}

// Parameters of AMP pages and their caches, and of sessions: they choose a form of the page, or nothing.
const FORM = /^(?:amp|amp_js_v|amp_gsa|amp_tf|usqp|phpsessid|jsessionid)$/i;
const FORM_WITH_VALUE = /^(?:outputtype|output|view|format)$/i;

/** Whether a parameter asks for the AMP form of a page, or names a session: the article is the same. */
export function isForm(name: string, value: string): boolean {
  return FORM.test(name) || (FORM_WITH_VALUE.test(name) && /^amp$/i.test(value));
}

/** `search` without the parameters that `isDropped` names, the rest as it was written; empty when none is left. */
export function cleanQuery(
  search: string,
  isDropped: (name: string, value: string) => boolean = isTracking,
): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return pair !== '' && !isDropped(name, value);
    });
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}
