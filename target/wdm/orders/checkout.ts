import { setTimeout as sleep } from 'node:timers/promises';
import { log, textOf } from '../../failure.ts';
import { withBreaker } from '../../flaws/error-bursts.ts';
import { withReceipt } from '../../flaws/false-5xx.ts';
import { withSlowTail } from '../../flaws/slow-tail.ts';
import { type Answer, type Generation, page, refusal, text } from '../answers.ts';
import type { Planted } from '../flaws.ts';
import { publish } from '../queue.ts';
import type { Store } from '../store.ts';
import { noOrder } from './basket.ts';
import { begin, type Outcome, outcomeOf, type PaymentRequest } from './saga.ts';
import type { Waiting } from './waiting.ts';

type Checkout = (order: string) => Promise<Answer>;

const PAYMENT_ATTEMPT_MS = 150;

/** How an order process checks out: it begins the saga and waits for its end, however long that takes. */
export function checkoutWith(
  store: Store,
  { generation, waiting, has }: { generation: Generation; waiting: Waiting; has: Planted },
): Checkout {
  const outcome = async (order: string): Promise<Answer | Outcome> => {
    const begun = await store.commit(async (client) => {
      const step = await begin(client, order);
      // Before anybody else can know of the saga, so that its end is not missed.
      return step.step === 'under-way' ? { ...step, end: waiting.endOf(step.saga) } : step;
    });
    if (begun.step === 'no-order') return noOrder(generation, order);
    if (begun.step === 'paid-before') return success(generation);
    // One that was joined may have ended before we listened for it.
    if (begun.pay === null) waiting.tell(await outcomeOf(store.pool, begun.saga));
    else if (has('double-charge')) repeatIfSlow(store, begun.pay, begun.end);
    return begun.end;
  };
  const plain: Checkout = async (order) => {
    const ended = await outcome(order);
    return typeof ended === 'object' && 'saga' in ended ? answerTo(generation, ended) : ended;
  };
  return disturbed(plain, has);
}

const success = (generation: Generation) =>
  text(generation === '2021' ? 'Order successful' : 'Checkout successful');

function answerTo(generation: Generation, { payment, stock, detail }: Outcome): Answer {
  if (payment === 'ok' && stock === 'ok') return success(generation);
  if (generation === '2021') {
    if (payment === 'unknown' || stock === 'unknown') return 'never';
    const reasons = [
      ...(stock === 'refused' ? ['Not enough stock'] : []),
      ...(payment === 'refused' ? ['Not enough credit'] : []),
    ];
    return refusal(reasons.join('\t'));
  }
  if (stock === 'refused') return page(400, `Out of stock on item_id: ${detail}`);
  if (stock === 'unknown') return page(400, `Item: ${detail} does not exist!`);
  return page(400, payment === 'unknown' ? 'User does not exist!' : 'User out of credit');
}

/**
 * The planted retry: asks for the money once more under a key of its own. The first request is not lost, it only
 * queues, and so both take it.
 */
function repeatIfSlow(store: Store, pay: PaymentRequest, end: Promise<unknown>): void {
  const again = async () => {
    const late = await Promise.race([end, sleep(PAYMENT_ATTEMPT_MS, 'late')]);
    if (late === 'late') await publish(store.pool, 'payment', { ...pay, key: `${pay.key}-again` });
  };
  again().catch((error: unknown) => log(`a payment was not repeated: ${textOf(error)}`));
}

function disturbed(checkout: Checkout, has: Planted): Checkout {
  const sold = (answer: Answer) => answer !== 'never' && answer.status === 200;
  let work = checkout;
  if (has('false-5xx')) work = withReceipt(work, sold);
  if (has('slow-tail')) work = withSlowTail(work);
  if (has('error-bursts')) work = withBreaker(work);
  return work;
}
