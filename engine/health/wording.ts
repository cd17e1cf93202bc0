/** Figures in words, the same in health reasons, incident titles and insights. */
import type { Micros } from '../sdk/index.ts';

/** A share of 0–1: `34 %`, `0.4 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  const digits = percent > 0 && percent < 9.95 ? 1 : 0;
  return `${percent.toFixed(digits)} %`;
}

/** Seconds: `2.8 s`, `340 ms`, `0.8 ms`. */
export function secondsText(seconds: number): string {
  if (seconds >= 0.9995) return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
  const ms = seconds * 1000;
  return `${ms.toFixed(ms < 9.95 ? 1 : 0)} ms`;
}

/** Requests per second: `41/s`, `0.3/s`. */
export function rateText(rate: number): string {
  return `${rate.toFixed(rate < 9.95 ? 1 : 0)}/s`;
}

/** A length of time: `45 s`, `3 min`, `2.5 h`. */
export function lengthText(us: Micros): string {
  const seconds = us / 1e6;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A moment of the scenario: `T+12:30`, `T+1:02:30`. */
export function momentText(t: Micros): string {
  const seconds = Math.floor(t / 1e6);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `T+${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `T+${two(minutes)}:${two(seconds % 60)}`;
}
