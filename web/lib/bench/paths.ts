/** Paths of the questions about benchmarks. */
export function boardPath(board: string): string {
  return `bench/${encodeURIComponent(board)}`;
}

export function cellPath(
  board: string,
  { item, entry }: { readonly item: string; readonly entry: string },
): string {
  return `${boardPath(board)}/cell?item=${encodeURIComponent(item)}&entry=${encodeURIComponent(entry)}`;
}

export function differencePath(board: string, other: string, anyway: boolean): string {
  return `${boardPath(board)}/difference?with=${encodeURIComponent(other)}&anyway=${anyway}`;
}

/** The command that made a benchmark, and goes on with it. */
export function benchCommand(suite: string): string {
  const plain = /^[\w@%+=:,./-]+$/.test(suite) ? suite : `'${suite.replaceAll("'", `'\\''`)}'`;
  const folder =
    suite === 'nab' || suite === 'nezha' || suite === 'petshop' ? ' --dir <folder>' : '';
  return `npx workbench bench --suite ${plain}${folder}`;
}
