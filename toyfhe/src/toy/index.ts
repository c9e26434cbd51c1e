/**
 * The readable toy: BFV, BGV and CKKS over BigInt rings, to be read, printed and taken apart.
 * The rings are small and nothing is constant-time: **not secure**, with any parameters.
 * @module
 */

export { type RandomSource, seededRandom, systemRandom } from '../backend/random.ts';
export { toy } from './backend.ts';
export { BFVParams } from './bfv.ts';
export { BGVParams } from './bgv.ts';
export { Ciphertext } from './ciphertext.ts';
export { CKKSParams } from './ckks.ts';
export { CKKSEncoding, type SlotValue } from './ckks-encoding.ts';
export { type ComplexSlots, coefficientsByMatrix, coefficientsOf, embeddingMatrix, slotsOf } from './embedding.ts';
export { decrypt, encrypt, encryptSecret, phase } from './encryption.ts';
export { FixedRational } from './fixed-rational.ts';
export { bitWindows, type Gadget, rnsDigits } from './gadget.ts';
export { circshift, conjugate, type Rotatable } from './galois.ts';
export { conjugationElement, rotationElement, slotExponents } from './galois-element.ts';
export { InsecureDebug } from './insecure-debug.ts';
export { ScalarEncoding, SlotEncoding } from './integer-encoding.ts';
export { type GaloisChoice, keygen } from './keygen.ts';
export { EvalMultKey, GaloisKey, KeyPair, PrivateKey, PublicKey, type SwitchingKey } from './keys.ts';
export { keyswitch, switchKey } from './keyswitch.ts';
export {
  type ArticleErrors,
  articleErrors,
  type ErrorSummary,
  floorResidue,
  rotationLesson,
  roundingLesson,
  worstSlot,
} from './lessons.ts';
export { divideByLastPrime, dropPrime, modswitch, type Residue } from './modswitch.ts';
export { ModulusRaised } from './modulus-raised.ts';
export { noiseBudget } from './noise-budget.ts';
export { inverseNtt, type NttTable, ntt, nttTable } from './ntt.ts';
export { type OfPair, type PairId } from './pair.ts';
export { overriding, type RlweOptions, RlweParams } from './params.ts';
export type { Encoding, Plain } from './plain.ts';
export type { PlainModulus } from './plain-modulus.ts';
export { PlainVector } from './plain-vector.ts';
export { NegacyclicRing, Ring } from './ring.ts';
export { type Limbs, RingElement, zero } from './ring-element.ts';
export { ring } from './ring-of.ts';
export {
  type Distribution,
  discreteGaussian,
  STANDARD_SIGMA,
  ternary,
  uniformBelow,
  uniformElement,
} from './sampling.ts';
export { schoolbookProduct } from './schoolbook.ts';
export type { SlotArithmetic } from './slot-arithmetic.ts';
export { SlotVector } from './slot-vector.ts';
