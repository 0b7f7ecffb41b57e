import type pg from 'pg';
import { UsageFailure } from '../failure.ts';
import type { Shop } from '../shop/shop.ts';
import { checkThenAct } from './check-then-act.ts';
import type { Flaw } from './flaw.ts';

/** Every flaw there is, in the order in which several are planted: those with their own sale first. */
export const flaws: readonly Flaw[] = [checkThenAct];

/** The flaws of these names, in planting order. Two with their own way of selling cannot both be there. */
export function flawsNamed(names: readonly string[]): readonly Flaw[] {
  const chosen = flaws.filter((flaw) => names.includes(flaw.name));
  const selling = chosen.filter((flaw) => flaw.place === 'sale').map((flaw) => flaw.name);
  if (selling.length <= 1) return chosen;
  throw new UsageFailure({
    expected: 'at most one flaw with its own way of selling',
    got: selling.join(', '),
    where: '--flaw',
    remedy: 'Start one service for each.',
  });
}

export function plantFlaws(shop: Shop, names: readonly string[], pool: pg.Pool): Shop {
  return flawsNamed(names).reduce((planted, flaw) => flaw.plant(planted, pool), shop);
}
