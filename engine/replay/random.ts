/**
 * The only place that makes randomness: xoshiro128** (Blackman and Vigna, 2018) over states that
 * are plain typed arrays, so that a copy of the state is a copy of the future. A stream is named:
 * its state is a hash of (seed, name), never a draw from another stream, so a new stream leaves all
 * others as they were.
 */
import { createHash } from 'node:crypto';

/** 32-bit words of one stream's state. */
export const streamWords = 4;

/**
 * States of many streams in one array, `streamWords` each, in the order of the names. Signed words:
 * V8 keeps them in integer registers, where unsigned ones would become doubles.
 */
export function makeStreams(seed: number, names: readonly string[]): Int32Array {
  const states = new Int32Array(names.length * streamWords);
  names.forEach((name, i) => {
    const digest = createHash('sha256').update(`${seed}\0${name}`).digest();
    for (let word = 0; word < streamWords; word++) {
      states[i * streamWords + word] = digest.readInt32LE(word * 4);
    }
  });
  return states;
}

/** The next 32 bits of a stream, as a signed integer. */
export function nextBits(states: Int32Array, stream: number): number {
  const i = stream * streamWords;
  const s0 = states[i] as number;
  const s1 = states[i + 1] as number;
  const s2 = (states[i + 2] as number) ^ s0;
  const s3 = (states[i + 3] as number) ^ s1;
  const fives = Math.imul(s1, 5);
  states[i] = s0 ^ s3;
  states[i + 1] = s1 ^ s2;
  states[i + 2] = s2 ^ (s1 << 9);
  states[i + 3] = (s3 << 11) | (s3 >>> 21);
  return Math.imul((fives << 7) | (fives >>> 25), 9);
}

/** Uniform in (0, 1), both ends open, in steps of 2^-32: safe under a logarithm. */
export function uniform(states: Int32Array, stream: number): number {
  return (nextBits(states, stream) + 2147483648.5) * 2.3283064365386963e-10;
}

/** Exponential with mean 1. */
export function exponential(states: Int32Array, stream: number): number {
  return -Math.log(uniform(states, stream));
}

/** Standard normal: one draw each, so that streams stay aligned whatever the value is used for. */
export function normal(states: Int32Array, stream: number): number {
  return normalQuantile(uniform(states, stream));
}

/** Inverse of the normal distribution: Wichura, algorithm AS 241 (PPND7), about seven digits. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) /
      (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1)
    );
  }
  let r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  let z: number;
  if (r <= 5) {
    r -= 1.6;
    z =
      (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) /
      ((0.12021132975 * r + 0.7370016425) * r + 1);
  } else {
    r -= 5;
    z =
      (((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115) /
      ((0.012258202635 * r + 0.24197894225) * r + 1);
  }
  return q < 0 ? -z : z;
}

/** Uniform in [0, 1), as people expect of a random function. */
export function fraction(states: Int32Array, stream: number): number {
  return (nextBits(states, stream) >>> 0) * 2.3283064365386963e-10;
}

/** One stream as a function. */
export function randomFunction(seed: number, name: string): () => number {
  const states = makeStreams(seed, [name]);
  return () => fraction(states, 0);
}
