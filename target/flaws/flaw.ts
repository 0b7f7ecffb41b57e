import type pg from 'pg';
import type { Shop } from '../shop/shop.ts';

/** A bug that real shops have had, planted on purpose so that a judge can be judged. */
export interface Flaw {
  readonly name: string;
  /** Which bug it is, one sentence. */
  readonly bug: string;
  /** Whether it has its own way of selling, or only does something before or after the sale. At most one may sell. */
  readonly place: 'sale' | 'around';
  readonly plant: (shop: Shop, pool: pg.Pool) => Shop;
}
