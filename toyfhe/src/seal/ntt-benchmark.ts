/**
 * For benchmarks: SEAL's number-theoretic transform alone, which the contract has no verb for.
 * @module
 */
import type { Ciphertext, Encryptor, Evaluator, KeyGenerator, PublicKey, SEALContext } from 'node-seal';
import { parameters } from '../backend/parameters.ts';
import { makeContext } from './backend.ts';
import { calling, loadSeal, ownAll, release } from './module.ts';

/** A forward and an inverse transform of some limbs, ready to be repeated. */
export interface SealNttBenchmark {
  /** Bits of each limb's prime. */
  readonly bits: number;
  /** Limbs that one `run` transforms there and back. */
  readonly limbs: number;
  run(): void;
  dispose(): void;
}

/**
 * SEAL transforms whole ciphertexts, so this makes one of two limbs: two polynomials modulo a single prime. Its kernels
 * take as long for any prime.
 * @param bits of the prime; 60 is the most that SEAL takes, and so what it does most work a bit with
 * @throws FheError RANGE, FORMAT where this Node cannot run node-seal
 */
export async function sealNttBenchmark(ringDegree: number, bits: number = 60): Promise<SealNttBenchmark> {
  const module = await loadSeal();
  // Nothing is protected by it: a small ring of a test needs leave to be insecure.
  const params = parameters({ ringDegree, chain: [bits], insecure: true });
  const op = 'measure the transform';
  const made = ownAll(op, [
    () => makeContext(module, params),
    (context) => new module.Evaluator(context as SEALContext),
    (context) => new module.KeyGenerator(context as SEALContext),
    (_context, _evaluator, generator) => (generator as KeyGenerator).createPublicKey(),
    (context, _evaluator, _generator, key) => new module.Encryptor(context as SEALContext, key as PublicKey),
    () => new module.Ciphertext(),
  ]);
  const [evaluator, encryptor, ciphertext] = [made[1] as Evaluator, made[4] as Encryptor, made[5] as Ciphertext];
  calling(op, () => encryptor.encryptZero(ciphertext));
  return {
    bits,
    limbs: ciphertext.size() * ciphertext.coeffModulusSize(),
    run: () =>
      calling(op, () => {
        evaluator.cipherTransformFromNttInplace(ciphertext);
        evaluator.cipherTransformToNttInplace(ciphertext);
      }),
    dispose: () => release(...made.reverse()),
  };
}
