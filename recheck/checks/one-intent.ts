import {
  doubtOfState,
  type Facts,
  hasNamelessRows,
  isAsking,
  isConfirming,
  isLive,
  mayHaveHappened,
  not,
  type Outcome,
  returners,
  ticketsIn,
} from '../facts.ts';
import { checkChargedTwice, checkOneReply } from './money.ts';
import { checkTooFewRows } from './too-few-rows.ts';
import { checkOnlyRefusedAsked } from './too-many-rows.ts';

/** What one buyer asked for, which all his operations have to agree on; else what is lacking. */
function wish(facts: Facts): { pool: string; quantity: number } | string {
  const asking = facts.operations.filter(isAsking);
  const [first] = asking;
  if (first === undefined) return 'an operation of the buyer';
  if (!facts.allOperations) return 'all operations of the buyer';
  const { pool, quantity } = first;
  const agree =
    asking.every((each) => each.pool === pool && each.quantity === quantity) &&
    facts.operations.every(({ intent }) => intent === facts.about.intent);
  if (!agree) return 'operations of one buyer that ask for one thing';
  return facts.pool?.id === pool ? { pool, quantity } : 'the pool that was asked for';
}

const rowsOfBuyer = ({ rows, about }: Facts) =>
  rows.filter((row) => about.intent !== null && row.intent === about.intent);

/** What it takes, and is not there, to say that a row does not exist; null where nothing is lacking. */
function lackingForAbsence(facts: Facts): string | null {
  const doubt = doubtOfState(facts);
  if (doubt !== null) return `a final state to rely on: ${doubt}`;
  if (!facts.restsOn.state!.keepsCancelled) return 'cancelled orders, which are not kept';
  if (facts.restsOn.state!.mayLag) return 'a reading that cannot lag behind';
  if (hasNamelessRows(facts)) return 'rows of the run’s buyers that all name an intent';
  return facts.allRows ? null : 'all rows of the buyer';
}

/** Told yes, and neither an order nor a cancelled one is there. */
export function checkLostPurchase(facts: Facts): Outcome {
  if (facts.about.intent === null && hasNamelessRows(facts)) return checkTooFewRows(facts);
  const wanted = wish(facts);
  if (typeof wanted === 'string') return not(wanted);
  const lacking = lackingForAbsence(facts);
  if (lacking !== null) return not(lacking);
  if (!facts.operations.some(isConfirming)) return not('an acknowledgement');
  if (returners(facts.operations).size > 0) return not('a loss: the buyer gave it back');
  const rows = rowsOfBuyer(facts);
  if (rows.some((row) => !isLive(row))) return not('a loss: the order was cancelled');
  if (rows.some((row) => row.pool === wanted.pool)) return not('a loss: the order is there');
  return {
    proven: true,
    tickets: ticketsIn(rows),
    because: 'the purchase was acknowledged, and there is no order',
  };
}

/** Refused or failed at every attempt, and yet the owner of a live row. */
export function checkRefusedButSold(facts: Facts): Outcome {
  if (facts.about.intent === null && hasNamelessRows(facts)) return checkOnlyRefusedAsked(facts);
  const doubt = doubtOfState(facts);
  if (doubt !== null) return not(`a final state to rely on: ${doubt}`);
  if (!facts.restsOn.history.complete) return not('a complete history');
  if (!facts.allOperations) return not('all operations of the buyer');
  const asking = facts.operations.filter(isAsking);
  const isOwn = facts.operations.every(({ intent }) => intent === facts.about.intent);
  const isYes = facts.operations.some(
    (each) => (isAsking(each) || each.kind === 'pay') && mayHaveHappened(each),
  );
  if (asking.length === 0 || !isOwn || isYes) return not('a buyer who was only refused');
  const tickets = ticketsIn(rowsOfBuyer(facts).filter(isLive));
  if (tickets === 0) return not('a live row of the buyer');
  return { proven: true, tickets, because: `the buyer was told no and owns ${tickets}` };
}

/** More than nothing, less than asked for, and cancelled tickets do not make up the rest. */
export function checkPartialPurchase(facts: Facts): Outcome {
  const wanted = wish(facts);
  if (typeof wanted === 'string') return not(wanted);
  const lacking = lackingForAbsence(facts);
  if (lacking !== null) return not(lacking);
  const rows = rowsOfBuyer(facts);
  const own = rows.filter((row) => row.pool === wanted.pool);
  const got = ticketsIn(own.filter(isLive));
  if (got === 0) return not('a live row of the buyer');
  if (ticketsIn(own) >= wanted.quantity) return not('a shortfall that no cancellation explains');
  return {
    proven: true,
    tickets: ticketsIn(rows.filter(isLive)),
    because: `asked for ${wanted.quantity}, got ${got}`,
  };
}

/** More tickets than were asked for, twice the price, or two replies to one key. */
export function checkDuplicateEffect(facts: Facts): Outcome {
  const tickets = checkTooManyTickets(facts);
  if (tickets.proven) return tickets;
  const replies = checkOneReply(facts);
  if (replies.proven || facts.money === null) return replies.proven ? replies : tickets;
  return checkChargedTwice(facts);
}

/** More live tickets, in whichever pool, than were asked for. */
function checkTooManyTickets(facts: Facts): Outcome {
  const wanted = wish(facts);
  if (typeof wanted === 'string') return not(wanted);
  const doubt = doubtOfState(facts);
  if (doubt !== null) return not(`a final state to rely on: ${doubt}`);
  const tickets = ticketsIn(rowsOfBuyer(facts).filter(isLive));
  if (tickets <= wanted.quantity) {
    return not(`${wanted.quantity - tickets + 1} more tickets of the buyer`);
  }
  return { proven: true, tickets, because: `asked for ${wanted.quantity}, got ${tickets}` };
}
