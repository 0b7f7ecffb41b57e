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
  /** By number. */
  readonly texts: string[] = [];
  #hashes = new Int32Array(512);
  /** Numbers by hash, with linear probing; a power of two, at most half full. */
  #slots = new Int32Array(1024).fill(FREE);

  /** The text's number, new or not. */
  add(text: string): number {
    const hash = hashOf(text);
    const slot = this.#slotOf(text, hash);
    const known = this.#slots[slot]!;
    return known === FREE ? this.#put(slot, hash, text) : known;
  }

  /** Gives the next number to a new text, whose slot this is. */
  #put(slot: number, hash: number, text: string): number {
    const number = this.texts.push(text) - 1;
    this.#hashes[number] = hash;
    this.#slots[slot] = number;
    if (this.texts.length === this.#hashes.length) this.#grow();
    return number;
  }

  /** The same for a text of ASCII in `bytes`, at a place found while its hash was taken; a known one is not decoded. */
  addAscii(bytes: Buffer, { first, after, hash }: TextPlace): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]!;
      if (number === FREE) return this.#put(slot, hash, bytes.toString('latin1', first, after));
      if (this.#hashes[number] !== hash) continue;
      if (isAsciiAt(bytes, first, after, this.texts[number]!)) return number;
    }
  }

  /** The text's number, −1 where it has none. */
  find(text: string): number {
    return this.#slots[this.#slotOf(text, hashOf(text))]!;
  }

  #slotOf(text: string, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]!;
      if (number === FREE) return slot;
      if (this.#hashes[number] === hash && this.texts[number] === text) return slot;
    }
  }

  #grow(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(FREE);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.texts.length; number++) {
      let slot = hashes[number]! & mask;
      while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }
}

function isAsciiAt(bytes: Buffer, first: number, after: number, text: string): boolean {
  if (text.length !== after - first) return false;
  for (let i = 0; i < text.length; i++) {
    if (bytes[first + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * FNV-1a over UTF-16 code units, then the finisher of MurmurHash3, or keys that differ in their last digit would lie
 * side by side. It begins with a number drawn at the start, so that nobody can prepare keys that all collide; what is
 * numbered how does not depend on it.
 */
export const HASH_BEGIN = (Math.random() * 2 ** 32) | 0;

/** The hash with one more code unit; for ASCII that is the byte. */
export function hashStep(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x0100_0193);
}

/** The hash of a text when all its units are in. */
export function hashEnd(stepped: number): number {
  let hash = Math.imul(stepped ^ (stepped >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

function hashOf(text: string): number {
  let hash = HASH_BEGIN;
  for (let i = 0; i < text.length; i++) hash = hashStep(hash, text.charCodeAt(i));
  return hashEnd(hash);
}
