/**
 * The print of `sizes`.
 * @module
 */
import { CAUTIOUS_LOG_QP_128 } from '../backend/parameters.ts';
import type { BackendSizes, Sizes } from './sizes.ts';

export interface SizeCounts {
  readonly rotations: number;
  readonly plaintexts: number;
  readonly ciphertexts: number;
  readonly conjugations: number;
  readonly relinearizations: number;
}

/** A line for the parameters, one for security, one a kind of object, and the total of what was asked for. */
export function sizeTable(sizes: Sizes, counts: SizeCounts): string {
  const { ringDegree, slots, maxLevel } = sizes.parameters;
  const row = (name: string, of: (bytes: BackendSizes) => string): string[] => [
    name,
    ...[sizes.engine, sizes.seal].map((bytes) => (bytes === undefined ? '–' : of(bytes))),
  ];
  const several = (n: number, name: string, of: (bytes: BackendSizes) => number): string[][] =>
    n === 0 ? [] : [row(`${n} ${name}${n === 1 ? '' : 's'}`, (bytes) => human(n * of(bytes)))];
  const rows = [
    ['', 'engine', 'seal'],
    row('plaintext', (bytes) => human(bytes.plaintext)),
    row('ciphertext', (bytes) => human(bytes.ciphertext)),
    row('secret key', (bytes) => human(bytes.secretKey)),
    row('public key', (bytes) => human(bytes.publicKey)),
    ...(sizes.parameters.special.length === 0 ? [] : evaluationKeys(row)),
    ...several(counts.rotations, 'rotation key', (bytes) => bytes.rotationKey),
    ...several(counts.plaintexts, 'plaintext', (bytes) => bytes.plaintext),
    ...several(counts.ciphertexts, 'ciphertext', (bytes) => bytes.ciphertext),
    row(`total: ${totalOf(counts)}`, (bytes) => human(bytes.total)),
  ];
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((cells) => cells[i]!.length)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return [
    `ring degree ${ringDegree}, ${slots} slots, ${maxLevel} level${maxLevel === 1 ? '' : 's'}; at the highest level, in memory:`,
    ...lines,
    ...(sizes.engine === undefined ? ['–: the engine takes primes below 2^50, and ring degrees from 16 on'] : []),
    ...(sizes.seal === undefined ? ['–: node-seal takes exactly one special prime'] : []),
    security(sizes),
  ].join('\n');
}

function evaluationKeys(row: (name: string, of: (bytes: BackendSizes) => string) => string[]): string[][] {
  return [
    row('relinearization key', (bytes) => human(bytes.relinearizationKey)),
    row('rotation key', (bytes) => human(bytes.rotationKey)),
    row('digits of a key', (bytes) => String(bytes.digits)),
  ];
}

/** What the total is of. */
function totalOf({ rotations, plaintexts, ciphertexts, conjugations, relinearizations }: SizeCounts): string {
  const keys = 2 + rotations + conjugations + relinearizations;
  const parts = [`${keys} keys`];
  if (plaintexts > 0) parts.push('plaintexts');
  if (ciphertexts > 0) parts.push('ciphertexts');
  return parts.join(', ');
}

function security({ logQP, limit, securityBits, parameters }: Sizes): string {
  const bits = `log QP ${logQP.toFixed(1)}`;
  if (limit === undefined) return `${bits}; no limit is known for ring degree ${parameters.ringDegree}: INSECURE`;
  const of = `${bits} of ${limit} bits for 128-bit security at ring degree ${parameters.ringDegree}`;
  if (securityBits !== 128) return `${of}: INSECURE`;
  const cautious = CAUTIOUS_LOG_QP_128.get(parameters.ringDegree);
  return parameters.cautious || cautious === undefined
    ? of
    : `${of} (${cautious} by the more cautious guidelines of 2024)`;
}

/** `1.5 GiB`, `12.0 MiB`, `640 bytes`. */
function human(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
