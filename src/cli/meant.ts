import { nearest } from '../query/nearest.ts';

/** `no feed yonhap; did you mean yonhap-ko or yonhap-en?` */
export function unknownText(kind: string, asked: string, known: Iterable<string>): string {
  const near = nearest(
    asked,
    [...known].map((name) => ({ name })),
  );
  const hint =
    near.length === 0 ? `; "${kind}s list" names them all` : `; did you mean ${near.join(' or ')}?`;
  return `no ${kind} ${asked}${hint}`;
}
