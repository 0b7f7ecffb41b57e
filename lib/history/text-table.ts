import { lastingInt32s } from './lasting.ts';

const FREE = -1;

/** Where a text lies: bytes [first, after). */
export interface TextPlace {
  first: number;
  after: number;
  /** {@link hashEnd} of the {@link hashStep}s of its bytes. */
  hash: number;
}

/**
 * Numbers texts 0, 1, … in the order they come, each once. A table of its own because a `Map` with a million long keys
 * is four times as slow: here a text that is new costs its hash and one look at an array of integers.
 */
export class TextTable {
  #texts: string[] = [];
  /**
   * By hash, with linear probing; two integers a slot, side by side because at a million texts each look elsewhere is
   * a wait for memory: a text's number, or `FREE`, and its hash. As many slots as a power of two, at most two thirds full: ten
   * million keys then take half of what they would at half full.
   */
  #slots: Int32Array;
  /** The number last found: who looks up many mostly does so in the order in which they came. */
  #last = -1;

  /** `expected`: about how many texts will come, where that is known; then it need not grow. */
  constructor(expected = 0) {
    this.#slots = emptySlots(expected);
  }

  /** By number. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** The text's number, new or not. */
  add(text: string): number {
    const hash = hashOf(text);
    const at = this.#placeOf(text, hash);
    const known = this.#slots[at]!;
    return known === FREE ? this.#put(at, hash, text) : known;
  }

  /** The same for a text of ASCII in `bytes`, at a place found while its hash was taken; a known one is not decoded. */
  addAscii(bytes: Buffer, { first, after, hash }: TextPlace): number {
    const slots = this.#slots;
    for (let at = placeFor(hash, slots); ; at = placeAfter(at, slots)) {
      const number = slots[at]!;
      if (number === FREE) return this.#put(at, hash, bytes.toString('latin1', first, after));
      const isEqual =
        slots[at + 1] === hash && isAsciiAt(bytes, first, after, this.#texts[number]!);
      if (isEqual) return number;
    }
  }

  /** The text's number, −1 where it has none. */
  find(text: string): number {
    const isNext = this.#texts[this.#last + 1] === text;
    this.#last = isNext ? this.#last + 1 : this.#slots[this.#placeOf(text, hashOf(text))]!;
    return this.#last;
  }

  /** Gives each text a new number: `numbers`, by the old ones, has each of them once. */
  renumber(numbers: Int32Array): void {
    const old = this.#texts;
    this.#texts = old.slice();
    for (let number = 0; number < old.length; number++)
      this.#texts[numbers[number]!] = old[number]!;
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 2) {
      if (slots[at] !== FREE) slots[at] = numbers[slots[at]!]!;
    }
  }

  /** Where the text is or would be put. */
  #placeOf(text: string, hash: number): number {
    const slots = this.#slots;
    for (let at = placeFor(hash, slots); ; at = placeAfter(at, slots)) {
      const number = slots[at]!;
      if (number === FREE || (slots[at + 1] === hash && this.#texts[number] === text)) return at;
    }
  }

  /** Gives the next number to a new text, whose place this is. */
  #put(at: number, hash: number, text: string): number {
    const number = this.#texts.push(text) - 1;
    this.#slots[at] = number;
    this.#slots[at + 1] = hash;
    if (this.#texts.length * 3 > this.#slots.length) this.expect(this.#texts.length + 1);
    return number;
  }

  /** Makes room for so many texts at once. More may come, or fewer. */
  expect(texts: number): void {
    const old = this.#slots;
    const slots = emptySlots(texts);
    if (slots.length <= old.length) return;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === FREE) continue;
      let to = placeFor(old[from + 1]!, slots);
      while (slots[to] !== FREE) to = placeAfter(to, slots);
      slots[to] = old[from]!;
      slots[to + 1] = old[from + 1]!;
    }
    this.#slots = slots;
  }
}

/** Two integers a slot, all of them free. */
function emptySlots(texts: number): Int32Array {
  let slots = 1024;
  while (2 * slots < 3 * texts) slots *= 2;
  return lastingInt32s(2 * slots).fill(FREE);
}

function placeFor(hash: number, slots: Int32Array): number {
  return (hash << 1) & (slots.length - 1);
}

function placeAfter(at: number, slots: Int32Array): number {
  return (at + 2) & (slots.length - 1);
}

function isAsciiAt(bytes: Buffer, first: number, after: number, text: string): boolean {
  if (text.length !== after - first) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[first + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * FNV-1 over UTF-16 code units, then the finisher of MurmurHash3 over all but the lowest four bits. Those tell keys apart that
 * differ in their last digit, as most do, and so such keys lie side by side: a wait for memory then brings ten of them, who
 * mostly come one after the other. Beyond these sixteen nothing has neighbours, or runs of keys would grow together. It begins
 * with a number drawn at the start, so that nobody can prepare keys that all collide; what is numbered how does not depend
 * on it.
 */
export const HASH_BEGIN = (Math.random() * 2 ** 32) | 0;
const LOWEST = 15;

/** The hash with one more code unit; for ASCII that is the byte. */
export function hashStep(hash: number, unit: number): number {
  return Math.imul(hash, 0x0100_0193) ^ unit;
}

/** The hash of a text when all its units are in. */
export function hashEnd(stepped: number): number {
  const lowest = stepped & LOWEST;
  let hash = stepped ^ lowest;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) & ~LOWEST) | lowest;
}

function hashOf(text: string): number {
  let hash = HASH_BEGIN;
  for (let i = 0; i < text.length; i++) hash = hashStep(hash, text.charCodeAt(i));
  return hashEnd(hash);
}
