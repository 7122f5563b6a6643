import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^(sha1|sha256|sha384|sha512)=([0-9a-f]{40,128})$/i;

/**
 * Whether `header`, an `X-Hub-Signature`, signs `body` with `secret` (WebSub §8: `method=hex` of an HMAC over the raw body, by
 * one of four methods). Takes as long for a wrong signature as for a right one.
 */
export function isSignedWith(secret: string, body: Uint8Array, header: string | undefined): boolean {
  const [, method, hex] = SIGNATURE.exec(header?.trim() ?? '') ?? [];
  if (method === undefined || hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  const right = createHmac(method.toLowerCase(), secret).update(body).digest();
  return given.byteLength === right.byteLength && timingSafeEqual(given, right);
}
