import type {
  About,
  Counts,
  Money,
  Operation,
  Payment,
  Pool,
  RestsOn,
  Row,
  Rules,
} from './facts.ts';
import {
  flag,
  list,
  nullable,
  number,
  oneOf,
  parseJson,
  record,
  type Shape,
  text,
  Unusable,
  whole,
} from './shape.ts';

export interface EvidenceFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface Certificate {
  readonly schemaVersion: number;
  readonly runId: string;
  readonly invariant: string;
  readonly claim: string;
  readonly summary: string;
  readonly about: About;
  readonly asked: number | null;
  readonly clockErrorMs: number;
  readonly pools: readonly Pool[];
  readonly operations: readonly Operation[];
  readonly rows: readonly Row[];
  readonly counts: Counts;
  readonly money?: Money;
  readonly restsOn: RestsOn;
  readonly evidence: readonly EvidenceFile[];
}

const SHOWN_MAX = 10;
/** A certificate of ten operations and ten rows with the longest texts, all escaped, has less than half of this. */
export const LENGTH_MAX = 262_144;

const key = text(200);
const time = number(-8.64e15, 8.64e15);

const states = oneOf('none', 'held', 'paid', 'cancelled', 'expired');
const money = whole(Number.MIN_SAFE_INTEGER);
const certainly: Shape<true> = (value, place) => {
  if (value === true) return value;
  throw new Unusable(`${place}: expected true`);
};

export const operationShape: Shape<Operation> = record<Operation>(
  {
    session: whole(0),
    intent: key,
    kind: oneOf('purchase', 'hold', 'pay', 'cancel', 'availability', 'status', 'view'),
    pool: key,
    quantity: whole(1, 1_000_000),
    start: time,
    end: time,
    outcome: oneOf('ok', 'refused', 'fail', 'info'),
    status: whole(0, 999),
    reason: text(60),
    reply: text(300),
    order: key,
    seat: key,
    value: whole(Number.MIN_SAFE_INTEGER),
    state: states,
    expiresAt: time,
    amount: whole(0),
    mayLag: certainly,
  },
  ['order', 'seat', 'value', 'state', 'expiresAt', 'amount', 'mayLag'],
);

export const rowShape: Shape<Row> = record<Row>(
  {
    id: key,
    pool: key,
    quantity: whole(0),
    status: oneOf('live', 'cancelled'),
    intent: nullable(key),
    buyer: text(300),
    state: states,
    seat: key,
    amount: money,
    expiresAt: time,
    createdAt: time,
  },
  ['state', 'seat', 'amount', 'expiresAt', 'createdAt'],
);

const next = list(5, states);
export const rulesShape: Shape<Rules> = record<Rules>(
  {
    buyerLimit: whole(1),
    opensAt: time,
    closesAt: time,
    clockSkewMs: number(0, Number.MAX_VALUE),
    holdMs: number(0, Number.MAX_VALUE),
    expiryGraceMs: number(0, Number.MAX_VALUE),
    latePayment: oneOf('reject', 'reject-after-grace', 'accept-if-capacity', 'accept'),
    idempotency: oneOf('none', 'replay', 'replay-final', 'conflict'),
    moves: record<Record<string, readonly string[]>>(
      { none: next, held: next, paid: next, cancelled: next, expired: next },
      ['none', 'held', 'paid', 'cancelled', 'expired'],
    ),
    atomic: certainly,
  },
  [
    ...(['buyerLimit', 'opensAt', 'closesAt', 'clockSkewMs', 'holdMs', 'expiryGraceMs'] as const),
    ...(['latePayment', 'idempotency', 'moves', 'atomic'] as const),
  ],
);

export const countersShape: Shape<NonNullable<Pool['counters']>> = list(
  1000,
  record({ name: text(100), remaining: money }),
);

export const paymentShape: Shape<Payment> = record<Payment>({
  id: key,
  order: nullable(key),
  intent: nullable(key),
  amount: whole(0),
  status: oneOf('charged', 'refunded'),
});

const moneyShape: Shape<Money> = record<Money>({
  buyer: nullable(key),
  before: nullable(money),
  after: nullable(money),
  intents: whole(0),
  prices: list(SHOWN_MAX, record<Money['prices'][number]>({ pool: key, price: whole(0) })),
  paysInSteps: flag,
  payments: nullable(list(SHOWN_MAX, paymentShape)),
  counts: record<Money['counts']>({
    payments: whole(0),
    namelessPayments: whole(0),
    ownerlessPayments: whole(0),
    ownerlessOperations: whole(0),
    namelessRows: whole(0),
  }),
});

const certificateShape: Shape<Certificate> = record<Certificate>(
  {
    schemaVersion: oneOf(1),
    runId: text(100),
    invariant: text(60),
    claim: text(300),
    summary: text(500),
    about: record<About>(
      { pool: nullable(key), intent: nullable(key), buyer: key, from: time, to: time },
      ['buyer', 'from', 'to'],
    ),
    asked: nullable(whole(1)),
    clockErrorMs: number(0, Number.MAX_VALUE),
    pools: list(
      1,
      record<Pool>(
        {
          id: key,
          capacity: whole(0),
          remainingBefore: nullable(whole(Number.MIN_SAFE_INTEGER)),
          remainingAfter: nullable(whole(Number.MIN_SAFE_INTEGER)),
          counters: countersShape,
        },
        ['counters'],
      ),
    ),
    operations: list(SHOWN_MAX, operationShape),
    rows: list(SHOWN_MAX, rowShape),
    counts: record<Counts>({ operations: whole(0), rows: whole(0), tickets: whole(0) }),
    money: moneyShape,
    restsOn: record<RestsOn>({
      history: record<RestsOn['history']>(
        {
          complete: flag,
          operations: whole(0),
          lastEnd: nullable(time),
          backward: whole(0),
          mixedIntents: whole(0),
          ticketsElsewhere: whole(0),
          givenBack: whole(1),
          boughtByBuyer: whole(1),
        },
        ['givenBack', 'boughtByBuyer'],
      ),
      plan: record<RestsOn['plan']>({ intents: whole(0), planned: flag }),
      fixture: record<RestsOn['fixture']>(
        { exclusive: flag, baselineOrders: whole(0), rules: rulesShape },
        ['rules'],
      ),
      state: nullable(
        record<NonNullable<RestsOn['state']>>(
          {
            settled: flag,
            complete: flag,
            exhaustive: flag,
            keepsCancelled: flag,
            mayLag: flag,
            repeatedIds: whole(0),
            namelessRows: whole(1),
            namesBuyers: certainly,
            placelessRows: whole(1),
            cancelledRows: whole(0),
            readAt: time,
          },
          ['namelessRows', 'namesBuyers', 'placelessRows'],
        ),
      ),
    }),
    evidence: list(
      10,
      record<EvidenceFile>({
        name: (value, place) => {
          const name = text(60)(value, place);
          if (/^[a-z0-9][a-z0-9.-]*$/.test(name)) return name;
          throw new Unusable(`${place}: expected a bare file name`);
        },
        sha256: (value, place) => {
          const hash = text(64)(value, place);
          if (/^[0-9a-f]{64}$/.test(hash)) return hash;
          throw new Unusable(`${place}: expected 64 hexadecimal digits`);
        },
        bytes: whole(0),
      }),
    ),
  },
  ['money'],
);

/** Throws an {@link Unusable} for anything that is no certificate of this version. */
export function readCertificate(source: string): Certificate {
  if (source.length > LENGTH_MAX) {
    throw new Unusable(`the certificate: expected at most ${LENGTH_MAX} characters`);
  }
  return certificateShape(parseJson(source, 'the certificate'), 'the certificate');
}
