/** An instant `2026-03-02T09:12:30.250Z` as the formats write it: cut and joined, never parsed. */

/** `2026-03-02 09:12:30.250` */
export function spaced(wall: string): string {
  return `${wall.slice(0, 10)} ${wall.slice(11, 23)}`;
}

/** `2026-03-02 09:12:30,250`, as log4j and Python write it. */
export function withComma(wall: string): string {
  return `${wall.slice(0, 10)} ${wall.slice(11, 19)},${wall.slice(20, 23)}`;
}

/** `2026/03/02 09:12:30` */
export function slashed(wall: string): string {
  return `${wall.slice(0, 4)}/${wall.slice(5, 7)}/${wall.slice(8, 10)} ${wall.slice(11, 19)}`;
}

/** `02/Mar/2026:09:12:30 +0000`, the common log format. */
export function common(wall: string): string {
  return `${wall.slice(8, 10)}/${monthOf(wall)}/${wall.slice(0, 4)}:${wall.slice(11, 19)} +0000`;
}

/** `02 Mar 2026 09:12:30.250` */
export function worded(wall: string): string {
  return `${wall.slice(8, 10)} ${monthOf(wall)} ${wall.slice(0, 4)} ${wall.slice(11, 23)}`;
}

/** `Mar  2 09:12:30`, as syslog pads it. */
export function syslog(wall: string): string {
  const day = wall.charCodeAt(8) === 48 ? ` ${wall.charAt(9)}` : wall.slice(8, 10);
  return `${monthOf(wall)} ${day} ${wall.slice(11, 19)}`;
}

/** `0302 09:12:30.250123`; the microseconds come from elsewhere, an instant has none. */
export function klog(wall: string, micros: number): string {
  const rest = String(micros % 1000).padStart(3, '0');
  return `${wall.slice(5, 7)}${wall.slice(8, 10)} ${wall.slice(11, 23)}${rest}`;
}

/** `2026-03-02T09:12:30Z` */
export function wholeSecond(wall: string): string {
  return `${wall.slice(0, 19)}Z`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function monthOf(wall: string): string {
  return months[Number(wall.slice(5, 7)) - 1] ?? 'Jan';
}
