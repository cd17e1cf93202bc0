/** Which rows of a long list are mounted. Every row has the same height, so it is two divisions. */

export const rowHeight = 24;

/** Rows mounted above and below what is seen, so that a fast scroll shows no gap. */
const overscan = 6;

export interface RowWindow {
  /** First mounted row, and one past the last. */
  readonly first: number;
  readonly end: number;
  /** Pixels above the first mounted row. */
  readonly offset: number;
  /** Height of all rows. */
  readonly total: number;
}

export function rowWindow(rows: number, scrollTop: number, height: number): RowWindow {
  const total = rows * rowHeight;
  const top = Math.min(Math.max(0, scrollTop), Math.max(0, total - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const end = Math.min(rows, Math.ceil((top + height) / rowHeight) + overscan);
  return { first, end, offset: first * rowHeight, total };
}

/** The largest height within `room` that cuts no row; one row at least. */
export function wholeRows(room: number): number {
  return Math.max(1, Math.floor(room / rowHeight)) * rowHeight;
}

/** Whether the list shows its last row; half a row of slack, because browsers round. */
export function isAtEnd(rows: number, scrollTop: number, height: number): boolean {
  return scrollTop + height >= rows * rowHeight - rowHeight / 2;
}

/** Where to scroll so that the row is seen, in the middle if it was not. */
export function scrollToRow(index: number, scrollTop: number, height: number): number {
  const top = index * rowHeight;
  const seen = top >= scrollTop && top + rowHeight <= scrollTop + height;
  return seen ? scrollTop : Math.max(0, top - (height - rowHeight) / 2);
}
