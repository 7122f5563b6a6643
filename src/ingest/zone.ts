// Countries with one zone and no summer time, and neighbours of the dossier. Others write their zone or are
// taken as UTC.
const MINUTES: Readonly<Record<string, number>> = {
  KR: 540, KP: 540, JP: 540, CN: 480, TW: 480, HK: 480, MO: 480, SG: 480, MY: 480, PH: 480, VN: 420, TH: 420, ID: 420, IN: 330,
}; // prettier-ignore

/**
 * Minutes east of Greenwich that a publisher of `country` (ISO 3166-1 alpha-2) means when its dates name no
 * zone; 0 where unsure.
 */
export function zoneOffsetOf(country: string): number {
  return MINUTES[country.toUpperCase()] ?? 0;
}

// RFC 822 §5.1 names the American zones; the others are what East Asian and European feeds write.
const NAMED: Readonly<Record<string, number>> = {
  z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, west: 60, bst: 60, cet: 60, mez: 60, cest: 120, mesz: 120, eet: 120, eest: 180, msk: 180,
  trt: 180, ist: 330, ict: 420, wib: 420, hkt: 480, sgt: 480, myt: 480, pht: 480, awst: 480, kst: 540, jst: 540, aest: 600,
  aedt: 660, nzst: 720, nzdt: 780, at: -240, ast: -240, adt: -180, et: -300, est: -300, edt: -240, ct: -360, cst: -360, cdt: -300,
  mt: -420, mst: -420, mdt: -360, pt: -480, pst: -480, pdt: -420, akst: -540, akdt: -480, hst: -600, nst: -210, ndt: -150,
}; // prettier-ignore
/** No zone is further from Greenwich than 14 hours. */
const OFFSET_MINUTES_MAX = 14 * 60;

/**
 * Minutes east of Greenwich that a zone written in a date means (`KST`, `+0900`, `UTC+9`); null for none, or
 * a name nobody knows (RFC 2822 §4.3: such a date is without a zone); undefined for an offset no clock has.
 */
export function writtenZone(text: string): number | null | undefined {
  const zone = text.toLowerCase().replace(/\s+/g, '').replace('−', '-');
  const match = /^(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (match === null) return NAMED[zone] ?? null;
  const rest = Number(match[3] ?? 0);
  const minutes = Number(match[2]) * 60 + rest;
  if (rest > 59 || minutes > OFFSET_MINUTES_MAX) return undefined;
  return match[1] === '-' ? -minutes : minutes;
}
