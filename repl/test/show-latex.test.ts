/** Formulas that read well in one line; others stay as they are written. */
import { describe, expect, it } from 'vitest';
import { readableFormula } from '../src/show/latex.ts';

describe('readableFormula', () => {
  it.each([
    ['q_i \\cdot 2^{40}', 'qᵢ · 2⁴⁰'],
    ['\\zeta^{2k+1}', 'ζ²ᵏ⁺¹'],
    ['\\mathbb{Z}_q[X]/(X^N + 1)', 'ℤ_q[X]/(Xᴺ + 1)'],
    ['\\mathbb{Z}[X]/(X^{16}+1)', 'ℤ[X]/(X¹⁶+1)'],
    ['\\frac{a}{b} + \\frac{x + 1}{2}', 'a/b + (x + 1)/2'],
    ["\\Delta' = \\Delta^2/q_{L-1}", 'Δ′ = Δ²/q_(L−1)'],
    ['c_0 + c_1 \\times s \\approx m', 'c₀ + c₁ × s ≈ m'],
    ['\\sqrt{2}\\,\\sigma \\le 2^{-20}', '√2 σ ≤ 2⁻²⁰'],
    ['\\left\\lfloor \\frac{x}{q_\\ell} \\right\\rceil', '⌊ x/q_ℓ ⌉'],
    ['\\sum_{i=0}^{n-1} a_i x^i', '∑ᵢ₌₀ⁿ⁻¹ aᵢ xⁱ'],
    ['x \\in \\{0, 1\\}^n', 'x ∈ {0, 1}ⁿ'],
    ['f \\colon A \\to B', undefined],
    ['\\begin{pmatrix} 1 & 2 \\end{pmatrix}', undefined],
    ['\\frac{1', undefined],
    ['a } b', undefined],
    ['x^', undefined],
    ['', ''],
  ])('%s → %s', (latex, text) => {
    expect(readableFormula(latex)).toBe(text);
  });
});
