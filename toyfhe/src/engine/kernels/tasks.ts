/**
 * What a thread can be asked to do: one limb's share of an operation. A task is a record of sixteen u32: the number of the
 * operation, then its arguments; the last two pairs are doubles where an operation takes them.
 */
import { permute, permuteAdd } from './automorphism';
import { convert } from './convert';
import { dot, dotConst } from './dot';
import { toResidues } from './fft';
import { address } from './fma';
import { Conversion, field, Modulus, Ring, Switch, Term } from './layout';
import { forward, forwardAdd, forwardSub, inverse } from './ntt';
import { add, addConst, horner, mul, mulAdd, neg, reduceAll, scale, square, sub, subScale, tensor } from './pointwise';
import { sampleUniform } from './sample';

/** Copies N doubles of a key outside this memory to `to`. */
@external('env', 'fetchKey')
declare function fetchKey(key: u32, part: u32, to: usize): void;

/** Copies N doubles from `from` into a key outside this memory. */
@external('env', 'storeKey')
declare function storeKey(key: u32, part: u32, from: usize): void;

// @ts-ignore: decorator
@inline
function a(task: usize, i: usize): usize {
  return <usize>i32.load(task + (i << 2));
}

// @ts-ignore: decorator
@inline
function first(task: usize): f64 {
  return f64.load(task + 48);
}

// @ts-ignore: decorator
@inline
function second(task: usize): f64 {
  return f64.load(task + 56);
}

/** dst = values of src; `raw`: unreduced where the prime is small enough for what follows. */
function transform(ring: usize, modulus: usize, dst: usize, src: usize, raw: u32 = 0): void {
  const p = f64.load(modulus + Modulus.PRIME);
  const pinv = f64.load(modulus + Modulus.INVERSE);
  const lazy = <u32>field(modulus, Modulus.LAZY);
  forward(dst, src, <u32>field(ring, Ring.DEGREE), field(modulus, Modulus.ROOTS), p, pinv, lazy, raw);
}

function innerProduct(ring: usize, modulus: usize, d0: usize, d1: usize, table: usize, count: u32): void {
  const p = f64.load(modulus + Modulus.PRIME);
  const pinv = f64.load(modulus + Modulus.INVERSE);
  const magic = f64.load(modulus + Modulus.MAGIC);
  const terms = <u32>field(modulus, Modulus.TERMS);
  dot(d0, d1, table, count, <u32>field(ring, Ring.DEGREE), p, pinv, magic, terms, <u32>field(modulus, Modulus.WIDE));
}

/** Scratch limb i of a thread: digits, two products, two limbs of a key for each digit, then tables and random bytes. */
// @ts-ignore: decorator
@inline
function scratchLimb(ring: usize, thread: u32, i: usize): usize {
  const base = field(ring, Ring.SCRATCH) + <usize>thread * field(ring, Ring.SCRATCH_BYTES);
  return base + i * field(ring, Ring.STRIDE);
}

/**
 * One limb of one digit: converted to prime j, transformed. A digit of one prime is its own conversion: the transform takes
 * integers below 2^50 of whatever prime.
 */
// @ts-ignore: decorator
@inline
function digitLimb(ring: usize, out: usize, y: usize, conversion: usize, from: u32, j: u32): void {
  const sources = <u32>field(conversion, Conversion.COUNT);
  const modulus = field(ring, Ring.MODULI) + <usize>j * Modulus.SIZE;
  if (sources == 1) {
    const q = f64.load(field(ring, Ring.MODULI) + <usize>from * Modulus.SIZE + Modulus.PRIME);
    transform(ring, modulus, out, y, q <= 2.0 * f64.load(modulus + Modulus.PRIME) ? 1 : 0);
    return;
  }
  const weights = field(conversion, Conversion.WEIGHTS) + <usize>(j * sources << 3);
  const targets = field(conversion, Conversion.TARGETS) + <usize>(j << 5);
  convert(out, y, field(ring, Ring.STRIDE), weights, sources, targets, <u32>field(ring, Ring.DEGREE));
  transform(ring, modulus, out, out, 1);
}

/** One limb of all digits, times all keys: the heart of a key switch, cache-warm throughout. */
function switchLimb(ring: usize, thread: u32, job: usize, j: u32): void {
  const n = <u32>field(ring, Ring.DEGREE);
  const stride = field(ring, Ring.STRIDE);
  const primes = <u32>field(ring, Ring.PRIMES);
  const digits = <u32>field(job, Switch.DIGIT_COUNT);
  const limbs = <u32>field(job, Switch.LIMBS);
  const kept = field(job, Switch.KEPT);
  const ready = field(job, Switch.READY);
  const most = field(ring, Ring.DIGITS);
  const converted = scratchLimb(ring, thread, 0);
  const products = scratchLimb(ring, thread, most);
  const keys = scratchLimb(ring, thread, most + 2);
  const table = scratchLimb(ring, thread, 3 * most + 2);

  // The digits, as the first column of the inner products' table.
  for (let i: u32 = 0; i < digits; i++) {
    const digit = field(job, Switch.DIGITS) + <usize>i * 16;
    const from = <u32>field(digit, 4);
    const row = table + <usize>i * 12;
    if (j >= from && j < <u32>field(digit, 8)) {
      i32.store(row, <u32>address(field(job, Switch.INPUT) + <usize>(j << 2)));
      continue;
    }
    const out = kept ? kept + <usize>(i * primes + j) * stride : converted + <usize>i * stride;
    i32.store(row, <u32>out);
    if (!ready) digitLimb(ring, out, field(job, Switch.COEFFICIENTS) + <usize>from * stride, field(digit, 0), from, j);
  }

  const modulus = field(ring, Ring.MODULI) + <usize>j * Modulus.SIZE;
  const p = f64.load(modulus + Modulus.PRIME);
  const pinv = f64.load(modulus + Modulus.INVERSE);
  const sum0 = field(job, Switch.SUM0) + <usize>j * stride;
  const sum1 = field(job, Switch.SUM1) + <usize>j * stride;
  const termCount = <u32>field(job, Switch.TERM_COUNT);
  for (let k: u32 = 0; k < termCount; k++) {
    const term = field(job, Switch.TERMS) + <usize>k * Term.SIZE;
    const key = field(term, Term.KEY);
    for (let i: u32 = 0; i < digits; i++) {
      const row = table + <usize>i * 12;
      const part = 2 * i * primes + j;
      if (key) {
        i32.store(row + 4, <u32>(key + <usize>part * stride));
        i32.store(row + 8, <u32>(key + <usize>(part + primes) * stride));
      } else {
        const number = <u32>field(term, Term.KEY_NUMBER);
        const here = keys + <usize>(2 * i) * stride;
        fetchKey(number, part, here);
        fetchKey(number, part + primes, here + stride);
        i32.store(row + 4, <u32>here);
        i32.store(row + 8, <u32>(here + stride));
      }
    }
    const permutation = field(term, Term.TABLE);
    if (!permutation) {
      innerProduct(ring, modulus, sum0, sum1, table, digits);
      continue;
    }
    innerProduct(ring, modulus, products, products + stride, table, digits);
    if (j < limbs) add(products, products, address(field(term, Term.ADD) + <usize>(j << 2)), n, p, pinv);
    permuteAdd(sum0, products, permutation, n, p, pinv);
    permuteAdd(sum1, products + stride, permutation, n, p, pinv);
  }
}

/**
 * One limb of sum/P: the special limbs, converted and transformed, plus the limb itself, plus the limb `more` unless that is
 * 0, permuted by `table` unless that is 0.
 */
function modDown(
  ring: usize,
  thread: u32,
  conversion: usize,
  sum: usize,
  j: u32,
  out: usize,
  more: usize,
  table: usize,
): void {
  const n = <u32>field(ring, Ring.DEGREE);
  const stride = field(ring, Ring.STRIDE);
  const modulus = field(ring, Ring.MODULI) + <usize>j * Modulus.SIZE;
  const x = scratchLimb(ring, thread, 0);
  const result = table ? scratchLimb(ring, thread, 1) : out;
  const sources = <u32>field(conversion, Conversion.COUNT);
  const weights = field(conversion, Conversion.WEIGHTS) + <usize>(j * sources << 3);
  const targets = field(conversion, Conversion.TARGETS) + <usize>(j << 5);
  convert(x, sum + field(ring, Ring.CHAIN) * stride, stride, weights, sources, targets, n);
  forwardAdd(
    result,
    x,
    sum + <usize>j * stride,
    more,
    n,
    field(modulus, Modulus.ROOTS),
    f64.load(modulus + Modulus.PRIME),
    f64.load(modulus + Modulus.INVERSE),
    <u32>field(modulus, Modulus.LAZY),
  );
  if (table) permute(out, result, table, n);
}

/**
 * n uniform residues from the stream of a 32-byte seed. The nonce says what for: (0, digit, prime). A seed is used for one
 * object only, so no nonce comes twice under it.
 */
function uniform(ring: usize, thread: u32, prime: u32, dst: usize, seed: usize, digit: u32): void {
  const modulus = field(ring, Ring.MODULI) + <usize>prime * Modulus.SIZE;
  const nonce = scratchLimb(ring, thread, 3 * field(ring, Ring.DIGITS) + 2) + field(ring, Ring.DIGITS) * 12;
  const bytes = (nonce + 31) & ~15;
  i32.store(nonce, 0);
  i32.store(nonce + 4, digit);
  i32.store(nonce + 8, prime);
  const p = f64.load(modulus + Modulus.PRIME);
  sampleUniform(dst, <u32>field(ring, Ring.DEGREE), seed, nonce, bytes, p, f64.load(modulus + Modulus.INVERSE));
}

/**
 * One limb of one digit of a key from s' to s: a uniform, b = −a·s + e/P (+ s' in the digit's own limbs); modulo the special
 * primes e itself. The usual key (P·gᵢ·s' + e − a·s, a) times 1/P modulo the chain's primes: so mod-down need not divide.
 * In: s and s' transformed, e as coefficients.
 */
function keyLimb(
  ring: usize,
  thread: u32,
  prime: u32,
  digit: u32,
  key: usize,
  number: u32,
  seed: usize,
  e: usize,
  s: usize,
  own: usize,
  factor: f64,
): void {
  const n = <u32>field(ring, Ring.DEGREE);
  const stride = field(ring, Ring.STRIDE);
  const primes = <u32>field(ring, Ring.PRIMES);
  const modulus = field(ring, Ring.MODULI) + <usize>prime * Modulus.SIZE;
  const p = f64.load(modulus + Modulus.PRIME);
  const pinv = f64.load(modulus + Modulus.INVERSE);
  const part = 2 * digit * primes + prime;
  const error = scratchLimb(ring, thread, 0);
  const b = key ? key + <usize>part * stride : scratchLimb(ring, thread, 1);
  const a = key ? key + <usize>(part + primes) * stride : scratchLimb(ring, thread, 2);
  uniform(ring, thread, prime, a, seed, digit);
  transform(ring, modulus, error, e);
  if (factor != 1.0) scale(error, error, n, factor, p, pinv);
  mul(b, a, s, n, p, pinv);
  sub(b, error, b, n, p, pinv);
  if (own) add(b, b, own, n, p, pinv);
  memory.fill(error, 0, <usize>n << 3); // of secrets and errors nothing stays behind
  if (!key) {
    storeKey(number, part, b);
    storeKey(number, part + primes, a);
  }
}

/** The operations' numbers; ../tasks.ts has the same. */
export function execute(ring: usize, thread: u32, task: usize): void {
  const n = <u32>field(ring, Ring.DEGREE);
  const op = <u32>a(task, 0);
  // Most operations name their prime in the same place.
  const modulus = field(ring, Ring.MODULI) + a(task, 1) * Modulus.SIZE;
  const p = f64.load(modulus + Modulus.PRIME);
  const pinv = f64.load(modulus + Modulus.INVERSE);
  switch (op) {
    case 1: // forward: dst, src
      transform(ring, modulus, a(task, 2), a(task, 3));
      break;
    case 2: // inverse: dst, src; doubles: constant/n and constant/n·ψ^(−n/2)
      inverse(
        a(task, 2),
        a(task, 3),
        n,
        field(modulus, Modulus.INVERSE_ROOTS),
        p,
        pinv,
        <u32>field(modulus, Modulus.EVERY),
        first(task),
        second(task),
      );
      break;
    case 3:
      add(a(task, 2), a(task, 3), a(task, 4), n, p, pinv);
      break;
    case 4:
      sub(a(task, 2), a(task, 3), a(task, 4), n, p, pinv);
      break;
    case 5:
      neg(a(task, 2), a(task, 3), n);
      break;
    case 6:
      mul(a(task, 2), a(task, 3), a(task, 4), n, p, pinv);
      break;
    case 8:
      scale(a(task, 2), a(task, 3), n, first(task), p, pinv);
      break;
    case 9:
      addConst(a(task, 2), a(task, 3), n, first(task), p, pinv);
      break;
    case 10: // (a − b)·w
      subScale(a(task, 2), a(task, 3), a(task, 4), n, first(task), p, pinv);
      break;
    case 11:
      tensor(
        a(task, 2),
        a(task, 3),
        a(task, 4),
        a(task, 5),
        a(task, 6),
        a(task, 7),
        a(task, 8),
        n,
        p,
        pinv,
      );
      break;
    case 12:
      square(a(task, 2), a(task, 3), a(task, 4), a(task, 5), a(task, 6), n, p, pinv);
      break;
    case 13:
      memory.copy(a(task, 2), a(task, 3), <usize>n << 3);
      break;
    case 14: // two inner products: d0, d1, table, count
      innerProduct(ring, modulus, a(task, 2), a(task, 3), a(task, 4), <u32>a(task, 5));
      break;
    case 15: // a sum with constants: d, table, weights, count
      dotConst(
        a(task, 2),
        a(task, 3),
        a(task, 4),
        <u32>a(task, 5),
        n,
        p,
        pinv,
        f64.load(modulus + Modulus.MAGIC),
        <u32>field(modulus, Modulus.TERMS),
        <u32>field(modulus, Modulus.WIDE),
      );
      break;
    case 16: // key switch: job
      switchLimb(ring, thread, a(task, 2), <u32>a(task, 1));
      break;
    case 17: // mod-down: conversion, sum, out, more, table
      modDown(ring, thread, a(task, 2), a(task, 3), <u32>a(task, 1), a(task, 4), a(task, 5), a(task, 6));
      break;
    case 18: // rescale: dst, coefficients of the last limb, limb; double: 1/q
      forwardSub(
        a(task, 2),
        scratchLimb(ring, thread, 0),
        a(task, 3),
        a(task, 4),
        n,
        field(modulus, Modulus.ROOTS),
        p,
        pinv,
        <u32>field(modulus, Modulus.LAZY),
        first(task),
      );
      break;
    case 19:
      permute(a(task, 2), a(task, 3), a(task, 4), n);
      break;
    case 20:
      reduceAll(a(task, 2), a(task, 3), n, p, pinv);
      break;
    case 21: // uniform: dst, seed, digit
      uniform(ring, thread, <u32>a(task, 1), a(task, 2), a(task, 3), <u32>a(task, 4));
      break;
    case 22: {
      // encrypt with a public key, limb by limb: c0 = v·b + e0 (+ message or 0), c1 = v·a + e1
      // arguments: c0, c1, v, e0, e1 (as coefficients), b, a, message
      const v = scratchLimb(ring, thread, 0);
      const e = scratchLimb(ring, thread, 1);
      transform(ring, modulus, v, a(task, 4));
      transform(ring, modulus, e, a(task, 5));
      mulAdd(a(task, 2), e, v, a(task, 7), n, p, pinv);
      if (a(task, 9)) add(a(task, 2), a(task, 2), a(task, 9), n, p, pinv);
      transform(ring, modulus, e, a(task, 6));
      mulAdd(a(task, 3), e, v, a(task, 8), n, p, pinv);
      memory.fill(v, 0, <usize>n << 3); // of what hides a message nothing stays behind
      memory.fill(e, 0, <usize>n << 3);
      break;
    }
    case 26: {
      // encrypt with the secret key: c1 uniform from a seed, c0 = e − c1·s (+ message or 0)
      // arguments: c0, c1, seed, e (as coefficients), s, message
      const e = scratchLimb(ring, thread, 0);
      uniform(ring, thread, <u32>a(task, 1), a(task, 3), a(task, 4), 0);
      transform(ring, modulus, e, a(task, 5));
      mul(a(task, 2), a(task, 3), a(task, 6), n, p, pinv);
      sub(a(task, 2), e, a(task, 2), n, p, pinv);
      if (a(task, 7)) add(a(task, 2), a(task, 2), a(task, 7), n, p, pinv);
      memory.fill(e, 0, <usize>n << 3);
      break;
    }
    case 23: // decrypt: dst = c0 + (c1 + c2·s)·s; c2 or 0
      if (a(task, 5)) {
        mulAdd(a(task, 2), a(task, 4), a(task, 5), a(task, 6), n, p, pinv);
        mulAdd(a(task, 2), a(task, 3), a(task, 2), a(task, 6), n, p, pinv);
      } else {
        mulAdd(a(task, 2), a(task, 3), a(task, 4), a(task, 6), n, p, pinv);
      }
      break;
    case 24: // key limb: digit, key, number, seed, e, s, s' or 0; double: 1/P modulo a chain's prime, else 1
      keyLimb(
        ring,
        thread,
        <u32>a(task, 1),
        <u32>a(task, 2),
        a(task, 3),
        <u32>a(task, 4),
        a(task, 5),
        a(task, 6),
        a(task, 7),
        a(task, 8),
        first(task),
      );
      break;
    case 27: // encode: dst, coefficients, parts, table
      toResidues(a(task, 2), a(task, 3), n, <u32>a(task, 4), a(task, 5), p, pinv);
      transform(ring, modulus, a(task, 2), a(task, 2));
      break;
    case 25: // mixed radix to numbers: dst = dst·p + digit
      horner(a(task, 2), a(task, 3), n, p);
      break;
  }
}
