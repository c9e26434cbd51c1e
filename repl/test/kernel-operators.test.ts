/** What operators on ciphertexts stand for. */
import { describe, expect, it } from 'vitest';
import { negationCall, type Operand, type Operator, operatorCall } from '../src/kernel/operator-calls.ts';

const tools = { keys: 'server', backend: 'backend' };
const toy = (text: string): Operand => ({ text, kind: 'toy ciphertext' });
const real = (text: string): Operand => ({ text, kind: 'ciphertext' });
const plain = (text: string): Operand => ({ text, kind: 'plaintext' });
const vector = (text: string): Operand => ({ text, kind: 'arithmetic' });
const number = (text: string): Operand => ({ text, kind: 'number' });

const call = (left: Operand, operator: Operator, right: Operand): string | undefined =>
  operatorCall(left, operator, right, tools)?.text;

describe('on the toy: methods', () => {
  it.each<[Operand, Operator, Operand, string | undefined]>([
    [toy('c'), '+', toy('d'), 'c.add(d)'],
    [toy('c'), '-', vector('plain'), 'c.sub(plain)'],
    [vector('plain'), '-', toy('c'), 'c.neg().add(plain)'],
    [vector('plain'), '*', toy('c'), 'c.mul(plain)'],
    [number('2'), '*', toy('c'), 'c.mul(2n)'], // an integer that is written out is exact
    [toy('c'), '*', number('1.5'), 'c.mul(1.5)'],
    [toy('c'), '*', number('k'), 'c.mul(k)'],
    [number('1'), '+', toy('c'), 'c.add(1)'],
    [number('1'), '-', toy('c'), 'c.neg().add(1)'],
    [toy('c'), '/', number('4'), 'c.mul(1 / 4)'],
    [toy('c'), '/', number('(a + b)'), 'c.mul(1 / (a + b))'],
    [toy('c'), '**', number('2'), 'c.mul(c)'],
    [toy('c'), '**', number('3'), 'c.mul(c).mul(c)'],
    [toy('(c.add(d))'), '**', number('2'), "evaluate('x^2', { x: c.add(d) })"], // c + d is computed once
    [toy('f(x)'), '+', toy('(c)'), 'f(x).add(c)'],
    [toy('a ? b : c'), '+', toy('d'), '(a ? b : c).add(d)'],
    [number('1'), '/', toy('c'), undefined],
    [toy('c'), '**', number('n'), undefined],
    [toy('c'), '+', { text: "'x'", kind: 'other' }, undefined],
  ])('%j %s %j', (left, operator, right, expected) => {
    expect(call(left, operator, right)).toBe(expected);
  });
});

describe('behind the contract: verbs of the evaluation keys', () => {
  it.each<[Operand, Operator, Operand, string | undefined]>([
    [real('c'), '+', real('d'), 'server.add(c, d)'],
    [real('c'), '-', real('d'), 'server.sub(c, d)'],
    [real('c'), '*', real('d'), 'server.mul(c, d)'],
    [real('c'), '+', plain('p'), 'server.addPlain(c, p)'],
    [plain('p'), '-', real('c'), 'server.addPlain(server.neg(c), p)'],
    [real('c'), '-', plain('p'), 'server.neg(server.addPlain(server.neg(c), p))'],
    [plain('p'), '*', real('c'), 'server.mulPlain(c, p)'],
    [real('c'), '+', number('1'), 'addConstant(backend, server, c, 1)'],
    [real('c'), '-', number('1'), 'addConstant(backend, server, c, -1)'],
    [real('c'), '-', number('a + b'), 'addConstant(backend, server, c, -(a + b))'],
    [number('1'), '-', real('c'), 'addConstant(backend, server, server.neg(c), 1)'],
    [number('3'), '*', real('c'), 'mulConstant(backend, server, c, 3)'],
    [real('c'), '/', number('3'), 'mulConstant(backend, server, c, 1 / 3)'],
    [real('c'), '**', number('2'), 'server.square(c)'],
    [real('c'), '**', number('3'), 'power(backend, server, c, 3)'],
    [number('2'), '**', real('c'), undefined],
    [real('c'), '*', toy('d'), undefined],
  ])('%j %s %j', (left, operator, right, expected) => {
    expect(call(left, operator, right)).toBe(expected);
  });

  it('needs evaluation keys in a variable', () => {
    expect(operatorCall(real('c'), '+', real('d'), { keys: undefined, backend: 'b' })).toBeUndefined();
    expect(operatorCall(real('c'), '+', number('1'), { keys: 's', backend: undefined })).toBeUndefined();
  });
});

describe('minus', () => {
  it.each([
    [toy('c'), 'c.neg()'],
    [toy('(c.add(d))'), '(c.add(d)).neg()'],
    [real('(c)'), 'server.neg(c)'],
    [vector('plain'), 'plain.neg()'],
    [number('x'), undefined],
  ])('-%j', (x, expected) => {
    expect(negationCall(x, tools)?.text).toBe(expected);
  });
});
