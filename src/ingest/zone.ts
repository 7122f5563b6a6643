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
