/**
 * The text of the walk-through. The steps are those of Keno Fischer's article "Machine Learning on Encrypted Data
 * Without Decrypting It" (2019); the words are ours. The parameters are very insecure, to be looked at only.
 * @module
 */

/** One step: what to read, and what to type. */
export interface WalkthroughCell {
  /** `A1` … `A23`, as the steps are numbered throughout this project. */
  readonly id: string;
  readonly prose: string;
  /** What to read instead where the step is played without noise, if that makes a difference. */
  readonly proseWithoutNoise?: string;
  /** One or more TypeScript statements; the last expression is printed. */
  readonly input: string;
  /** What to type instead to play the step without noise. */
  readonly inputWithoutNoise?: string;
}

/** All 23 steps, in order; together they are one TypeScript module. */
export const walkthroughCells: readonly WalkthroughCell[] = [
  {
    id: 'A1',
    prose: 'Everything comes from the toy: small rings, BigInt arithmetic, made to be read. Nothing in it is secure.',
    input:
      "import { CKKSEncoding, CKKSParams, EvalMultKey, FixedRational, GaloisKey, InsecureDebug, NegacyclicRing, circshift, decrypt, encrypt, keygen, keyswitch, modswitch, ring, zero } from 'toyfhe/toy';",
  },
  {
    id: 'A2',
    prose: 'We compute on vectors of eight numbers.',
    input: 'const N = 8;',
  },
  {
    id: 'A3',
    prose:
      'Ciphertexts are made of polynomials modulo x¹⁶ + 1: eight complex slots take sixteen real coefficients. Their coefficients are integers modulo Q, the product of three primes: the first above 2⁴⁰ that are 1 modulo 32, so that x¹⁶ + 1 has its roots modulo each of them and products can be taken with a fast transform.',
    input: 'const R = NegacyclicRing(2 * N, [40, 40, 40]); R',
  },
  {
    id: 'A4',
    prose:
      'The scheme is CKKS. One honest word first: the digits printed in the article hold no encryption noise at all, only rounding errors. Here you see what encryption really does: errors some hundred times larger, and different on every run (`InsecureDebug` would switch the noise off). `relinWindow: 1` cuts key switching into digits of one bit, which keeps its noise small; with the default, one digit a prime, step A22 would print garbage unless there is a special prime (`ModulusRaised`).',
    proseWithoutNoise:
      'The scheme is CKKS. One honest word first: the digits printed in the article hold no encryption noise at all, only rounding errors. `InsecureDebug` switches the noise off, and the real parts below are the article’s to about 14 digits (A18 excepted); the imaginary parts, rounding errors of doubles near 1e-16, are not. Real encryption has errors some hundred times larger, different on every run. `relinWindow: 1` cuts key switching into digits of one bit; that matters when there is noise, which it keeps small.',
    input: 'const params = CKKSParams(R, { relinWindow: 1 }); params',
    inputWithoutNoise: 'const params = InsecureDebug(CKKSParams(R, { relinWindow: 1 })); params',
  },
  {
    id: 'A5',
    prose: 'Numbers become integers by a fixed-point scale: forty bits after the binary point.',
    input: 'const Tscale = FixedRational(2n ** 40n); Tscale',
  },
  {
    id: 'A6',
    prose: 'The zero of the ring, read as a vector of slots at that scale.',
    input: 'const plain = CKKSEncoding(Tscale, zero(R)); plain',
  },
  {
    id: 'A7',
    prose:
      'A key pair: anybody may encrypt, one may decrypt. The private key is a small polynomial, called s; the public key is an encryption of zero under it.',
    input: 'const kp = keygen(params); kp',
  },
  {
    id: 'A8',
    prose: 'The two halves. The private one never prints s.',
    input: '[kp.priv, kp.pub]',
  },
  {
    id: 'A9',
    prose: 'Fill the slots with 1 to 8.',
    input: 'for (let i = 0; i < N; i++) plain.set(i, i + 1); plain',
  },
  {
    id: 'A10',
    prose:
      'Encrypt with the public key. A fresh ciphertext has two polynomials, c₀ and c₁, and remembers the scale. It decrypts as c₀ + c₁ · s, which is the message and a small error.',
    input: 'const c = encrypt(kp.pub, plain); c',
  },
  {
    id: 'A11',
    prose:
      'Decrypt. The numbers come back with small errors: CKKS is approximate. With noise off the error is that of rounding to forty bits, about 1e-12; with noise it is about 4e-10.',
    input: 'decrypt(kp.priv, c)',
  },
  {
    id: 'A12',
    prose: 'Add without decrypting. The error is exactly twice the one before: the same error, added to itself.',
    input: 'decrypt(kp.priv, c.add(c))',
  },
  {
    id: 'A13',
    prose: 'Multiply. The result has three polynomials, and its scale is 2⁴⁰ · 2⁴⁰ = 2⁸⁰.',
    input: 'const csq = c.mul(c); csq',
  },
  {
    id: 'A14',
    prose: 'It decrypts to the squares as it is, as c₀ + c₁ · s + c₂ · s²: the owner of s has s² as well.',
    input: 'decrypt(kp.priv, csq)',
  },
  {
    id: 'A15',
    prose:
      'But it has grown in two ways, and the modulus has not: soon there would be no room. To get back to length two takes an evaluation key. Its owner makes it, with the private key, and sends it along with the data.',
    input: 'const ek = keygen(EvalMultKey, kp.priv); ek',
  },
  {
    id: 'A16',
    prose: 'Key switching from s² to s, also called relinearization: length two again.',
    input: 'const csq_length2 = keyswitch(ek, csq); csq_length2',
  },
  {
    id: 'A17',
    prose:
      'Modulus switching, in CKKS also called rescaling, divides by the last prime, 2⁴⁰ + 993, and with it the scale. That prime is not 2⁴⁰, so the scale is now a fraction: it prints as a double, and is kept exactly.',
    input: 'const csq_smaller = modswitch(csq_length2); csq_smaller',
  },
  {
    id: 'A18',
    prose:
      'The squares, as good as in A14: the division has rounded, but that error, below 1e-10, disappears under noise of about 5e-9.',
    proseWithoutNoise:
      'The squares, with a little less precision: the division has rounded. This library rounds to the nearest integer where the article’s rounded down, so these digits are not the article’s. The worst slot is closer by a factor of about two, on average over many keys; a single key may differ.',
    input: 'decrypt(kp.priv, csq_smaller)',
  },
  {
    id: 'A19',
    prose: 'Remember the ring that we started from …',
    input: 'R',
  },
  {
    id: 'A20',
    prose:
      '… and compare: the modulus is one prime shorter. What runs out are levels: every rescaling takes one, and when none is left there is no room for another product. Such a scheme is called levelled, or somewhat homomorphic.',
    input: 'ring(csq_smaller)',
  },
  {
    id: 'A21',
    prose:
      'The last operation moves the slots: a rotation. It needs a key of its own, a Galois key: one for each number of steps. Two steps to the right are the map x ↦ x²⁵.',
    input: 'const gk = keygen(GaloisKey, kp.priv, { steps: 2 }); gk',
  },
  {
    id: 'A22',
    prose:
      'Rotate, and decrypt. The errors of A11 have moved along with their slots, and key switching has added some more: together about 9e-10.',
    proseWithoutNoise: 'Rotate, and decrypt: the digits of A11 in other places, up to the last one or two.',
    input: 'decrypt(kp, circshift(c, gk))',
  },
  {
    id: 'A23',
    prose: 'The same on the vector that was never encrypted.',
    input: 'circshift(plain, 2)',
  },
];
