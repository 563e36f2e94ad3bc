import fc from 'fast-check';
import type { Keys } from '#signatures';

/** The first two keys of RFC 8032, section 7.1. Everybody knows them: they are worth nothing. */
export const alice: Keys = {
  address: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
};
export const bob: Keys = {
  address: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
};

/** Any text that has a UTF-8 form. */
export const texts = fc.string({ unit: 'binary', maxLength: 60 });

/** Texts that hold half a character. */
export const halves = ['\ud83d', 'a\udc00b', '\ude80\ud83d'];

/** Makes one hex digit another one. */
export function withOtherDigit(hex: string, place: number): string {
  const digit = (parseInt(hex.charAt(place), 16) + 1) % 16;
  return hex.slice(0, place) + digit.toString(16) + hex.slice(place + 1);
}
