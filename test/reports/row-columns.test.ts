import { describe, expect, it } from 'vitest';
import type { OrderRow } from '../../lib/model/state.ts';
import { rowColumns } from '../../reports/row-columns.ts';

const bare: OrderRow = {
  id: '7',
  pool: 'A',
  quantity: 2,
  status: 'live',
  intent: null,
  buyer: 'b',
};
const full: OrderRow = {
  ...bare,
  id: '8',
  state: 'held',
  seat: 'A37',
  amount: 2000,
  createdAt: 1500,
  expiresAt: 3500,
};

const shown = (rows: readonly OrderRow[], startedAt: number | null = 1000) => {
  const columns = rowColumns(rows, startedAt);
  const names = columns.map(({ name }) => name);
  return { names, cells: rows.map((row) => columns.map(({ cellOf }) => cellOf(row))) };
};

describe('the columns of rows', () => {
  it('are those that any row fills', () => {
    expect(shown([bare]).names).toEqual(['row', 'pool', 'tickets', 'status', 'intent', 'buyer']);
    const { names, cells } = shown([bare, full]);
    expect(names.slice(3, 8)).toEqual(['status', 'seat', 'amount', 'made', 'expires']);
    expect(cells[0]!.slice(3)).toEqual(['live', '', '', '', '', 'none', 'b']);
    expect(cells[1]!.slice(3, 8)).toEqual(['live, held', 'A37', '2,000', '500 ms', '2.5 s']);
  });

  it('have no times where nobody knows when the sale opened', () => {
    expect(shown([full], null).names).not.toContain('expires');
  });

  it('say a state once', () => {
    expect(shown([{ ...bare, status: 'cancelled', state: 'cancelled' }]).cells[0]![3]).toBe(
      'cancelled',
    );
  });
});
