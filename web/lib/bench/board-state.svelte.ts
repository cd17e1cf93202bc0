/** What a reader of a board has picked: which entries are drawn, how rows are sorted, which cell is open. */
import type { Board } from '../../../engine/benchmark/index.ts';
import type { Origin, Output } from './curves.ts';
import { picksMax } from './look.ts';
import { byRank, type BoardOrder } from './order.ts';

export interface Cell {
  readonly item: string;
  readonly entry: string;
}

/** What of it the address bar carries. */
export interface BoardAddress {
  readonly picks: readonly string[] | null;
  readonly order: BoardOrder;
  readonly cell: Cell | null;
  readonly output: Output;
  readonly origin: Origin;
  /** Another board to compare with. */
  readonly against: string | null;
}

export class BoardState {
  order = $state.raw<BoardOrder>(byRank);
  picks = $state.raw<readonly string[]>([]);
  cell = $state.raw<Cell | null>(null);
  output = $state<Output>('held');
  origin = $state<Origin>('observable');
  against = $state<string | null>(null);
  readonly #usual: readonly string[];

  constructor(board: Board, address: BoardAddress) {
    const known = board.rows.map(({ entry }) => entry);
    this.#usual = usualPicks(board);
    this.picks =
      address.picks?.filter((entry) => known.includes(entry)).slice(0, picksMax) ?? this.#usual;
    const isColumn = board.columns.some(({ id }) => id === address.order.by);
    if (isColumn || address.order.by === 'entry') this.order = address.order;
    const { cell } = address;
    const isThere = board.items.some(({ id }) => id === cell?.item);
    if (cell && isThere && known.includes(cell.entry)) this.cell = cell;
    this.output = address.output;
    this.origin = address.origin;
    this.against = address.against;
  }

  toggle(entry: string): void {
    const without = this.picks.filter((one) => one !== entry);
    if (without.length < this.picks.length) this.picks = without;
    else if (this.picks.length < picksMax) this.picks = [...this.picks, entry];
  }

  get address(): BoardAddress {
    const { order, cell, output, origin, against } = this;
    const isUsual = this.picks.join('\0') === this.#usual.join('\0');
    return { picks: isUsual ? null : this.picks, order, cell, output, origin, against };
  }
}

/** The best three that were asked for, with the default set, which is what people run. */
function usualPicks({ rows }: Board): readonly string[] {
  const asked = rows.filter(({ role }) => role !== 'baseline').map(({ entry }) => entry);
  const best = (asked.length > 0 ? asked : rows.map(({ entry }) => entry)).slice(0, 3);
  return asked.includes('default set') ? [...new Set([...best, 'default set'])] : best;
}
