/** Which part of a Nezha day is wanted, and how its names are read. */

/** The stretch of the day that is wanted, with stretches that are not; µs since the Unix epoch. */
export interface Selection {
  readonly from: number;
  readonly to: number;
  readonly skip: readonly { readonly from: number; readonly to: number }[];
}

export function selects(selection: Selection, us: number): boolean {
  if (us < selection.from || us >= selection.to) return false;
  for (const { from, to } of selection.skip) if (us >= from && us < to) return false;
  return true;
}

/** The service of a pod: its name without the two parts that Kubernetes adds. */
export function serviceOfPod(pod: string): string {
  const parts = pod.split('-');
  return parts.length > 2 ? parts.slice(0, -2).join('-') : pod;
}
