/**
 * The stages of a program with its ranges: what a plan is made of, and what it is checked against when it is read.
 * @module
 */
import type { ProgramText } from './program.ts';
import { boundOf, declaredRange, type Ranges } from './ranges.ts';
import { type StagedProgram, toStages } from './stages.ts';

/** @throws FheError RANGE for a relu or softmax whose bound is not known */
export function stagedProgram(program: ProgramText, ranges: Ranges): StagedProgram {
  return toStages(program, {
    boundOf: (o) => boundOf(program, ranges, o),
    inputRange: (o) => declaredRange(program, ranges, o.x)?.largest,
  });
}
