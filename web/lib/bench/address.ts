/** The address bar of a board: what a person sees can be shared by copying it. */
import type { BoardAddress } from './board-state.svelte.ts';
import { byRank } from './order.ts';

/** Reads `?pick=a&pick=b&by=recall&worst=1&entry=…&item=…&scores=onset&from=onset&with=…`. */
export function parseBoardAddress(search: string): BoardAddress {
  const query = new URLSearchParams(search);
  const [entry, item] = [query.get('entry'), query.get('item')];
  return {
    picks: query.has('pick') ? query.getAll('pick').filter((name) => name !== '') : null,
    order: { by: query.get('by') ?? byRank.by, reversed: query.get('worst') === '1' },
    cell: entry !== null && item !== null ? { entry, item } : null,
    output: query.get('scores') === 'onset' ? 'onset' : 'held',
    origin: query.get('from') === 'onset' ? 'onset' : 'observable',
    against: query.get('with'),
  };
}

/** The shortest query that reads back the same; `''` where everything is as it starts. */
export function formatBoardAddress(address: BoardAddress): string {
  const query = new URLSearchParams();
  // An empty one tells "none" from "the usual ones".
  if (address.picks?.length === 0) query.append('pick', '');
  for (const pick of address.picks ?? []) query.append('pick', pick);
  if (address.order.by !== byRank.by) query.set('by', address.order.by);
  if (address.order.reversed) query.set('worst', '1');
  if (address.cell) {
    query.set('entry', address.cell.entry);
    query.set('item', address.cell.item);
  }
  if (address.output === 'onset') query.set('scores', 'onset');
  if (address.origin === 'onset') query.set('from', 'onset');
  if (address.against !== null) query.set('with', address.against);
  return query.size > 0 ? `?${query}` : '';
}
