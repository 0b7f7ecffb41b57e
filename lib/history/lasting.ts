/*
 * Columns that last as long as what they tell of. V8 begins a full collection for every 64 MB that ordinary buffers have
 * taken since the last one, and where rows, intents and buyers are millions of objects each takes half a second, though
 * nothing of it can be freed: half of the time that judging took. Shared buffers are not in that account. For the
 * same reason nobody is asked to free them.
 */
export const lastingBytes = (length: number) => new Uint8Array(new SharedArrayBuffer(length));
export const lastingSignedBytes = (length: number) => new Int8Array(new SharedArrayBuffer(length));
export const lastingUint16s = (length: number) =>
  new Uint16Array(new SharedArrayBuffer(2 * length));
export const lastingInt32s = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));
export const lastingFloats = (length: number) =>
  new Float64Array(new SharedArrayBuffer(8 * length));

/*
 * Columns that are needed only for a moment are shared too, for checks take so many of them that they alone would set off a
 * collection each second. They lie about until the next one, which costs some 100 MB where there are a million operations. Only
 * columns of histories much larger than that are given back at once.
 */
const PASSING_BYTES_MAX = 16 << 20;
const roomFor = (bytes: number) =>
  bytes <= PASSING_BYTES_MAX ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
/** V8 keeps so little among its own objects, in a tenth of the time that a buffer takes: the tickets of one buyer, say. */
const isLittle = (bytes: number) => bytes <= 64;
export const passingInt32s = (length: number) =>
  isLittle(4 * length) ? new Int32Array(length) : new Int32Array(roomFor(4 * length));
export const passingUint32s = (length: number) =>
  isLittle(4 * length) ? new Uint32Array(length) : new Uint32Array(roomFor(4 * length));
export const passingFloats = (length: number) =>
  isLittle(8 * length) ? new Float64Array(length) : new Float64Array(roomFor(8 * length));

export type Column = Uint8Array | Int8Array | Uint16Array | Int32Array | Float64Array;

/**
 * Puts the first entries of columns into one order, each in its place, and cuts off what they have beyond: entry i becomes
 * that which was entry `order[i]`.
 */
export class Reordering {
  readonly #order: Uint32Array;
  /** Room for one column, before and after. Of one kind, whatever the column is, and so several times as fast. */
  readonly #before: Float64Array;
  readonly #after: Float64Array;

  constructor(order: Uint32Array) {
    this.#order = order;
    this.#before = passingFloats(order.length);
    this.#after = passingFloats(order.length);
  }

  apply<T extends Column>(column: T): T {
    const order = this.#order;
    const before = this.#before;
    const after = this.#after;
    const used = column.subarray(0, order.length) as T;
    before.set(used);
    for (let i = 0; i < order.length; i++) after[i] = before[order[i]!]!;
    used.set(after);
    return used;
  }
}
